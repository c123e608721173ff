/* A page redrawn with newer data keeps the reader's place: scroll, focus, what was opened, and what is being typed.

   live.js says "pitwall:moving" before it asks for the newer page. That page comes as a whole, so what the reader
   had is written down first and put back in the same frame in which the new page stands, before anything is painted. */
(function () {
    'use strict';

    const ROOT = 'react-entry-point';
    const PATIENCE = 15000;
    let observer = null;

    function main() {
        const root = document.getElementById(ROOT);
        return root && root.querySelector('main');
    }

    /* How to find a node again: its id, else its address, else its place among its brothers and sisters. */
    function address(node) {
        const steps = [];
        for (let at = node; at && at.id !== ROOT; at = at.parentElement) {
            if (at.id) return '#' + CSS.escape(at.id) + steps.map(function (step) { return ' > ' + step; }).join('');
            steps.unshift(at.tagName.toLowerCase() + ':nth-child(' + (Array.from(at.parentElement.children).indexOf(at) + 1) + ')');
        }
        return '#' + ROOT + ' > ' + steps.join(' > ');
    }

    function found(note) {
        const root = document.getElementById(ROOT);
        if (note.href) {
            const same = root.querySelectorAll('a[href="' + CSS.escape(note.href) + '"]');
            if (same.length) return same[Math.min(note.place, same.length - 1)];
        }
        const node = document.querySelector(note.at);
        return node && node.tagName === note.tag ? node : null;
    }

    function noted(node) {
        const href = node.dataset.here === undefined ? node.getAttribute('href') : null; // such a link leads elsewhere each time
        const same = href ? Array.from(document.querySelectorAll('#' + ROOT + ' a[href="' + CSS.escape(href) + '"]')) : [];
        return {at: address(node), tag: node.tagName, href: href, place: same.indexOf(node), typed: node.value};
    }

    function write() {
        const root = document.getElementById(ROOT);
        const active = document.activeElement;
        return {
            path: window.location.pathname + window.location.search,
            old: main(),
            x: window.scrollX,
            y: window.scrollY,
            open: Array.from(root.querySelectorAll('details')).map(function (one) { return [noted(one), one.open]; }),
            sideways: Array.from(root.querySelectorAll('.scroll')).filter(function (one) { return one.scrollLeft; })
                .map(function (one) { return [noted(one), one.scrollLeft]; }),
            focus: active && root.contains(active) ? noted(active) : null,
        };
    }

    function restore(notes) {
        notes.open.forEach(function (pair) {
            const one = found(pair[0]);
            if (one && one.open !== pair[1]) one.open = pair[1];
        });
        notes.sideways.forEach(function (pair) {
            const one = found(pair[0]);
            if (one) one.scrollLeft = pair[1];
        });
        window.scrollTo(notes.x, notes.y);
        const focus = notes.focus && found(notes.focus);
        if (!focus || document.activeElement !== document.body) return;
        focus.focus({preventScroll: true});
        if (focus.type !== 'search') return;
        focus.value = notes.focus.typed;
        focus.setSelectionRange(focus.value.length, focus.value.length);
    }

    document.addEventListener('pitwall:moving', function () {
        const root = document.getElementById(ROOT);
        if (!root || !main()) return;
        if (observer) observer.disconnect();
        const notes = write();
        const stop = setTimeout(function () { observer.disconnect(); }, PATIENCE);
        observer = new MutationObserver(function () {
            const now = main();
            if (!now || now === notes.old) return;
            observer.disconnect();
            clearTimeout(stop);
            if (window.location.pathname + window.location.search === notes.path) restore(notes);
        });
        observer.observe(root, {childList: true, subtree: true});
    });
})();
