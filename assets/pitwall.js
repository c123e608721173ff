/* The product's own Dash component, its links, and what its menus need. No build step: React is what Dash brings. */
(function () {
    'use strict';

    const ROOT = 'react-entry-point';

    /* components/markup.py: a page, or a notice above one, drawn on the server. The server has painted the first one into #first-paint already:
       the same page is taken over as it stands, in the same frame, so that nothing flickers or jumps. */
    function Page(props) {
        const place = React.useRef(null);
        React.useLayoutEffect(function () {
            arrived();
            const painted = place.current.closest('#_pages_content') && document.getElementById('first-paint');
            if (!painted) {
                place.current.innerHTML = props.html;
                return;
            }
            const held = painted.contains(document.activeElement) ? document.activeElement : null;
            const x = window.scrollX, y = window.scrollY;
            if (painted.dataset.of === props.of) place.current.replaceChildren(...painted.childNodes);
            else place.current.innerHTML = props.html;
            painted.remove();
            window.scrollTo(x, y);
            const href = held && held.getAttribute('href');
            const focus = held && held.isConnected ? held
                : href && place.current.querySelector('a[href="' + CSS.escape(href) + '"]');
            if (focus) focus.focus({preventScroll: true});
        }, [props.of]);
        return React.createElement('div', {ref: place});
    }

    window.pitwall = Object.assign(window.pitwall || {}, {Page: Page});

    /* From the click to the next page <html data-going> says that it was heard; a page that does not come is given up. */
    const PATIENCE = 15000;
    let waiting = null;
    function arrived() {
        clearTimeout(waiting);
        delete document.documentElement.dataset.going;
    }
    function going() {
        document.documentElement.dataset.going = '';
        clearTimeout(waiting);
        waiting = setTimeout(arrived, PATIENCE);
    }
    document.addEventListener('pitwall:connection', function (event) { if (event.detail === 'lost') arrived(); });

    /* From page to page: what dcc.Link does, for links that are HTML. */
    document.addEventListener('click', function (event) {
        if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        const link = event.target.closest('a[data-link], svg a[href]');
        if (!link || !link.closest('#' + ROOT)) return;
        event.preventDefault();
        go(link.getAttribute('href'), link.dataset.here !== undefined);
    });

    /* What is marked data-here changes the page around the reader, who stays where he is (keep_place.js). */
    function go(href, here) {
        if (href !== window.location.pathname + window.location.search) going();
        window.history.pushState({}, '', href);
        if (here) document.dispatchEvent(new CustomEvent('pitwall:moving'));
        window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
        if (!here) window.scrollTo(0, 0);
    }

    /* A box that the server answers: sent with Enter, or when it is emptied. */
    document.addEventListener('submit', function (event) {
        const form = event.target;
        if (form.dataset.here === undefined || !form.closest('#' + ROOT)) return;
        event.preventDefault();
        const asked = new URLSearchParams(new FormData(form));
        if (!asked.get('find')) asked.delete('find');
        go(form.getAttribute('action') + '?' + asked, true);
    });
    document.addEventListener('input', function (event) {
        const box = event.target;
        if (box.name === 'find' && !box.value && box.defaultValue && box.form) box.form.requestSubmit();
    });

    /* Menus are <details>: one is open at a time; Escape, a choice or a click elsewhere closes it. */
    function closeMenus(except) {
        document.querySelectorAll('details.menu[open]').forEach(function (menu) {
            if (menu !== except) menu.open = false;
        });
    }
    document.addEventListener('toggle', function (event) {
        if (event.target.matches('details.menu') && event.target.open) closeMenus(event.target);
    }, true);
    document.addEventListener('click', function (event) {
        const menu = event.target.closest('details.menu');
        closeMenus(event.target.closest('a') ? null : menu);
    });
    document.addEventListener('keydown', function (event) {
        if (event.key !== 'Escape') return;
        const open = document.querySelector('details.menu[open]');
        closeMenus(null);
        if (open) open.querySelector('summary').focus();
    });
})();
