/* What components/store_map.py can do in a browser: zoom, search, card, arrow keys; the list beside it follows.
   The words are in the markup. A redraw with newer data keeps the view and the search. */
(function () {
    'use strict';

    const CLOSEST = 1 / 40;        // of the country's width
    const LOCAL = 0.62;            // below this share of it the inset is put away; as in components/store_map.py
    const SOUTH = 1.38;            // how far down the South China Sea reaches, in heights of the first view
    const KEEPS_SIZE = 0.85;       // as in components/store_map.py
    const FINGER = 18;             // a tap this near to a dot means the dot, in CSS pixels
    const POINTER = 9;             // the same for a mouse
    const MOST_FOUND = 8;
    const DWELL = 350;             // milliseconds on a dot before its peers are lit
    const kept = new Map();        // by the map's name: what a redraw must not lose
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

    function numbers(text) { return text.split(' ').map(Number); }
    function clamp(x, low, high) { return Math.min(Math.max(x, low), high); }
    function memory(name) {
        if (!kept.has(name)) kept.set(name, {});
        return kept.get(name);
    }
    function plain(text) { return text.normalize('NFKC').toLowerCase(); }
    function words(text) { return plain(text).split(/\s+/).filter(Boolean); }
    function has(all) {
        return function (hay) { return all.every(function (word) { return hay.includes(word); }); };
    }
    function make(tag, className, text) {
        const made = document.createElement(tag);
        if (className) made.className = className;
        if (text) made.textContent = text;
        return made;
    }

    /* --- the map ------------------------------------------------------------------------------------------------- */

    function adoptMap(svg) {
        const root = svg.closest('.store-map');
        const name = root.dataset.map;
        const saved = memory(name);
        const frame = numbers(root.dataset.frame);
        const home = numbers(svg.getAttribute('viewBox'));
        const sea = svg.parentElement;
        const card = sea.querySelector('.about');
        const input = root.querySelector('.search input');
        const list = root.querySelector('.search ul');
        const dots = Array.from(svg.querySelectorAll('.dot')).reverse();   // worst first
        const hays = dots.map(function (dot) {
            const d = dot.dataset;
            return plain([d.name, d.note, d.find || '', d.key].join(' '));
        });
        let box = home;
        let moving = 0;
        let shown = null;          // the dot or province whose card is open
        let tapped = null;
        let found = [];
        let active = -1;
        let spots = null;
        let waiting = 0;

        /* view */

        function show(wanted) {
            const width = clamp(wanted[2], frame[2] * CLOSEST, Math.max(frame[2], home[2]));
            const height = width * frame[3] / frame[2];
            const x = clamp(wanted[0] + (wanted[2] - width) / 2, frame[0] - width / 2, frame[0] + frame[2] - width / 2);
            const y = clamp(wanted[1] + (wanted[3] - height) / 2, frame[1] - height / 2, frame[1] + frame[3] * SOUTH - height / 2);
            box = [x, y, width, height];
            svg.setAttribute('viewBox', box.map(function (n) { return n.toFixed(1); }).join(' '));
            svg.style.setProperty('--s', Math.pow(width / frame[2], KEEPS_SIZE).toFixed(4));
            root.dataset.near = width < frame[2] * LOCAL ? 'near' : '';
            root.dataset.zoomed = width < home[2] * 0.99 ? 'zoomed' : '';
            saved.home = home.join();
            saved.box = box;
            if (shown) place(shown);
        }
        function glide(target) {
            cancelAnimationFrame(moving);
            if (calm.matches) { show(target); return; }
            const from = box;
            const begin = performance.now();
            (function step(now) {
                const t = clamp((now - begin) / 240, 0, 1);
                const eased = t * (2 - t);
                show(from.map(function (n, i) { return n + (target[i] - n) * eased; }));
                if (t < 1) moving = requestAnimationFrame(step);
            })(begin);
        }
        function at(clientX, clientY) {
            return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
        }
        function around(factor, point) {
            const width = clamp(box[2] / factor, frame[2] * CLOSEST, Math.max(frame[2], home[2]));
            const share = width / box[2];
            return [point.x - (point.x - box[0]) * share, point.y - (point.y - box[1]) * share, width, box[3] * share];
        }
        function middle() { return {x: box[0] + box[2] / 2, y: box[1] + box[3] / 2}; }
        function fit(boxes) {
            const left = Math.min(...boxes.map(function (b) { return b[0]; }));
            const top = Math.min(...boxes.map(function (b) { return b[1]; }));
            const right = Math.max(...boxes.map(function (b) { return b[0] + b[2]; }));
            const bottom = Math.max(...boxes.map(function (b) { return b[1] + b[3]; }));
            const width = 1.15 * Math.max(right - left, (bottom - top) * frame[2] / frame[3]);
            const height = width * frame[3] / frame[2];
            return [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
        }
        /* The dot under a point of the screen, or the nearest one so near that it is meant. */
        function meant(event) {
            const direct = event.target.closest('.dot');
            if (direct) return direct;
            spots = spots || dots.map(function (dot) {
                const [x, y] = dot.getAttribute('transform').match(/-?\d+/g).map(Number);
                const drawn = dot.firstElementChild.getBBox();
                return [x, y, drawn.x + drawn.width / 2, drawn.y + drawn.height / 2];
            });
            const style = getComputedStyle(svg);
            const size = Number(style.getPropertyValue('--s')) * Number(style.getPropertyValue('--m') || 1);
            const point = at(event.clientX, event.clientY);
            let best = null;
            let least = (event.pointerType === 'touch' ? FINGER : POINTER) / svg.getScreenCTM().a;
            spots.forEach(function (spot, i) {
                const far = Math.hypot(spot[0] + size * spot[2] - point.x, spot[1] + size * spot[3] - point.y);
                if (far < least) { best = dots[i]; least = far; }
            });
            return best;
        }
        function follow(dot, event) {
            const keys = event ? {ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey} : {};
            dot.dispatchEvent(new MouseEvent('click', Object.assign({bubbles: true, cancelable: true, view: window}, keys)));
        }
        function zoom(way) {
            if (way === 'all') glide(home);
            else glide(around(way === 'in' ? 1.8 : 1 / 1.8, middle()));
        }
        function reveal(dot) {
            const seen = sea.getBoundingClientRect();
            const spot = dot.getBoundingClientRect();
            const x = spot.left + spot.width / 2;
            const y = spot.top + spot.height / 2;
            if (x > seen.left + 8 && x < seen.right - 8 && y > seen.top + 8 && y < seen.bottom - 8) return;
            const point = at(x, y);
            glide([point.x - box[2] / 2, point.y - box[3] / 2, box[2], box[3]]);
        }

        /* card */

        function light(what) {
            clearTimeout(waiting);
            const kind = what && what.dataset.peers;
            root.dataset.peers = kind ? 'on' : '';
            if (kind) dots.forEach(function (dot) { dot.classList.toggle('peer', dot.dataset.peers === kind); });
        }
        function open(what, event) {
            if (what !== shown) {
                light(null);
                waiting = setTimeout(function () { light(what); }, DWELL);
            }
            shown = what;
            card.replaceChildren(make('b', '', what.dataset.name));
            if (what.matches('.dot')) {
                const state = make('span', 'state ' + what.classList[1], what.dataset.state);
                card.append(state, make('strong', '', what.dataset.value));
            }
            if (what.dataset.note) card.append(make('small', '', what.dataset.note));
            const address = what === tapped ? what.getAttribute('href') : what.dataset.href;
            if (address) {
                const words = root.querySelector('.tools').dataset;
                const go = make('a', 'go', what.dataset.href ? words.narrow : words.open);
                go.href = address;
                go.dataset.link = '';
                card.append(go);
            }
            card.hidden = false;
            place(what, event);
        }
        /* Of a province, close to the pointer that asked for it: the way to the card's link is short. */
        function place(what, event) {
            const seen = sea.getBoundingClientRect();
            const spot = event ? new DOMRect(event.clientX, event.clientY, 0, 0) : what.getBoundingClientRect();
            const size = card.getBoundingClientRect();
            const x = clamp(spot.left + spot.width / 2 - seen.left - size.width / 2, 8, seen.width - size.width - 8);
            const above = spot.top - seen.top - size.height - 8;
            card.style.transform = 'translate(' + x + 'px,' + (above > 4 ? above : spot.bottom - seen.top + 8) + 'px)';
        }
        function close() {
            shown = null;
            tapped = null;
            light(null);
            card.hidden = true;
        }
        svg.addEventListener('pointermove', function (event) {
            if (event.pointerType === 'touch' || event.buttons) return;
            const dot = meant(event);
            svg.style.cursor = dot ? 'pointer' : '';
            if (dot === shown && dot) return;
            if (dot) open(dot);
            else if (!(shown && shown.dataset.href) && !svg.contains(document.activeElement)) close();
        });
        sea.addEventListener('pointerleave', function (event) {
            if (event.pointerType !== 'touch' && !svg.contains(document.activeElement)) close();
        });

        /* keys */

        function focus(dot) {
            dots.forEach(function (other) { if (other.tabIndex === 0) other.tabIndex = -1; });
            dot.tabIndex = 0;
            dot.focus({preventScroll: true});
        }
        sea.addEventListener('focusin', function (event) {
            const dot = event.target.closest('.dot');
            if (!dot) return;
            dots.forEach(function (other) { if (other !== dot && other.tabIndex === 0) other.tabIndex = -1; });
            dot.tabIndex = 0;
            reveal(dot);
            open(dot);
        });
        sea.addEventListener('focusout', function (event) {
            if (!card.contains(event.relatedTarget)) close();
        });
        sea.addEventListener('keydown', function (event) {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            const here = dots.indexOf(event.target.closest('.dot'));
            const steps = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10};
            const shown = root.dataset.search ? found : dots;
            const place = shown.indexOf(dots[here]);
            if (event.key in steps) focus(shown[clamp(place + steps[event.key], 0, shown.length - 1)] || dots[here]);
            else if (event.key === 'Home') focus(shown[0] || dots[here]);
            else if (event.key === 'End') focus(shown[shown.length - 1] || dots[here]);
            else if (event.key === '+' || event.key === '=') zoom('in');
            else if (event.key === '-') zoom('out');
            else if (event.key === '0') zoom('all');
            else if (event.key === 'Escape') close();
            else return;
            event.preventDefault();
        });

        /* wheel, drag, pinch, tap */

        svg.addEventListener('wheel', function (event) {
            const inwards = event.deltaY < 0;
            const whole = box[2] >= home[2] * 0.99;
            // Where there is nothing to zoom out of, or the page has been scrolled down, the wheel is the page's.
            if (!event.ctrlKey && whole && (!inwards || window.scrollY > 0)) return;
            event.preventDefault();
            cancelAnimationFrame(moving);
            const amount = event.deltaY * (event.deltaMode === 1 ? 24 : 1);
            show(around(Math.exp(-clamp(amount, -120, 120) * (event.ctrlKey ? 0.01 : 0.0025)), at(event.clientX, event.clientY)));
        }, {passive: false});

        const fingers = new Map();
        let dragged = false;
        let spread = 0;
        function distance() {
            const [a, b] = Array.from(fingers.values());
            return Math.hypot(a.x - b.x, a.y - b.y);
        }
        svg.addEventListener('dragstart', function (event) { event.preventDefault(); });
        svg.addEventListener('pointerdown', function (event) {
            if (event.button !== 0) return;
            if (fingers.size === 0) dragged = false;
            fingers.set(event.pointerId, {x: event.clientX, y: event.clientY, x0: event.clientX, y0: event.clientY});
            if (fingers.size === 2) spread = distance();
            cancelAnimationFrame(moving);
        });
        svg.addEventListener('pointermove', function (event) {
            const finger = fingers.get(event.pointerId);
            if (!finger) return;
            if (!dragged) {
                if (Math.hypot(event.clientX - finger.x0, event.clientY - finger.y0) < 5) return;
                dragged = true;
                root.classList.add('dragging');
                close();
                fingers.forEach(function (_, id) { svg.setPointerCapture(id); });
            }
            const before = at(finger.x, finger.y);
            finger.x = event.clientX;
            finger.y = event.clientY;
            if (fingers.size === 2) {
                const [a, b] = Array.from(fingers.values());
                const now = distance();
                show(around(now / spread, at((a.x + b.x) / 2, (a.y + b.y) / 2)));
                spread = now;
            } else {
                const after = at(finger.x, finger.y);
                show([box[0] + before.x - after.x, box[1] + before.y - after.y, box[2], box[3]]);
            }
        });
        function lift(event) {
            fingers.delete(event.pointerId);
            if (!fingers.size) root.classList.remove('dragging');
        }
        svg.addEventListener('pointerup', lift);
        svg.addEventListener('pointercancel', lift);
        svg.addEventListener('click', function (event) {
            if (dragged) {
                dragged = false;
                event.preventDefault();
                return;
            }
            if (!event.isTrusted || event.detail === 0) return;   // Enter on a link, or follow()
            const dot = meant(event);
            if (event.pointerType === 'touch') {
                // The first tap tells, the second one opens.
                if (dot && dot === tapped) return;
                event.preventDefault();
                close();
                tapped = dot;
            } else if (dot) {
                if (!event.target.closest('.dot')) follow(dot, event);
                return;
            }
            const told = dot || event.target.closest('[data-name]');
            if (told) open(told, dot ? null : event);
            else close();
        });
        svg.addEventListener('dblclick', function (event) {
            if (meant(event)) return;
            const land = event.target.closest('[data-adcode]');
            if (!land) { glide(home); return; }
            const region = land.dataset.region;
            const shapes = region ? Array.from(svg.querySelectorAll('[data-adcode]')).filter(function (shape) {
                return shape.dataset.region === region;
            }) : [land];
            const whole = fit(shapes.map(function (shape) { return numbers(shape.dataset.box); }));
            glide(box[2] > whole[2] * 1.05 ? whole : fit([numbers(land.dataset.box)]));
        });
        root.querySelector('.zoom').addEventListener('click', function (event) {
            const button = event.target.closest('[data-zoom]');
            if (button) zoom(button.dataset.zoom);
        });

        /* search */

        function search(text) {
            const matches = has(words(text));
            const searching = words(text).length > 0;
            saved.search = text;
            root.dataset.search = searching ? 'on' : '';
            found = [];
            dots.forEach(function (dot, i) {
                const hit = searching && matches(hays[i]);
                dot.classList.toggle('hit', hit);
                if (hit) found.push(dot);
            });
            active = -1;
            const offered = found.slice(0, MOST_FOUND).map(option);
            if (searching && !found.length) {
                const none = make('li', 'none', input.dataset.none);
                none.setAttribute('role', 'option');
                none.setAttribute('aria-disabled', 'true');
                offered.push(none);
            }
            list.replaceChildren(...offered);
            list.hidden = !searching || document.activeElement !== input;
            input.setAttribute('aria-expanded', String(!list.hidden));
            input.removeAttribute('aria-activedescendant');
            narrow(name, matches, searching);
        }
        function option(dot, i) {
            const item = make('li', '');
            item.id = list.id + '-' + i;
            item.setAttribute('role', 'option');
            item.append(make('span', 'state ' + dot.classList[1], dot.dataset.name), make('small', '', dot.dataset.value));
            return item;
        }
        function choose(i) {
            const items = list.querySelectorAll('[id]');
            if (!items.length) return;
            active = (i + items.length) % items.length;
            items.forEach(function (item, j) { item.setAttribute('aria-selected', String(j === active)); });
            input.setAttribute('aria-activedescendant', items[active].id);
            reveal(found[active]);
            open(found[active]);
        }
        input.addEventListener('input', function () { close(); search(input.value); });
        input.addEventListener('focus', function () { search(input.value); });
        input.addEventListener('blur', function () {
            close();
            setTimeout(function () {
                list.hidden = true;
                input.setAttribute('aria-expanded', 'false');
            }, 150);
        });
        input.addEventListener('keydown', function (event) {
            if (event.isComposing) return;
            if (event.key === 'ArrowDown') choose(active + 1);
            else if (event.key === 'ArrowUp') choose(active < 0 ? -1 : active - 1);
            else if (event.key === 'Enter') {
                if (found.length) follow(found[Math.max(active, 0)]);
            } else if (event.key === 'Escape') {
                input.value = '';
                close();
                search('');
            } else return;
            event.preventDefault();
        });
        // A press on an offered name must not take the focus before its click has arrived.
        list.addEventListener('pointerdown', function (event) { event.preventDefault(); });
        list.addEventListener('click', function (event) {
            const item = event.target.closest('[id]');
            if (item) follow(found[Array.from(list.children).indexOf(item)], event);
        });

        if (saved.box && saved.home === home.join()) show(saved.box);
        if (saved.search) {
            input.value = saved.search;
            search(saved.search);
        }
    }

    /* --- the list ------------------------------------------------------------------------------------------------ */

    function adoptTable(table) {
        const name = table.closest('.store-list').dataset.map;
        const saved = memory(name);
        if (saved.search) narrow(name, has(words(saved.search)), true);
    }
    /* The list follows the search of its map. */
    function narrow(name, matches, searching) {
        document.querySelectorAll('.store-list').forEach(function (list) {
            if (list.dataset.map !== name) return;
            list.querySelectorAll('tbody tr').forEach(function (row) {
                row.hidden = searching && !sameStore(name, row, matches);
            });
        });
    }
    function sameStore(name, row, matches) {
        const dot = dotOf(name, row);
        return dot ? dot.classList.contains('hit') : matches(plain(row.textContent));
    }
    function dotOf(name, row) {
        const link = row.querySelector('a');
        return link && document.querySelector(
            '.store-map[data-map="' + CSS.escape(name) + '"] .dot[href="' + CSS.escape(link.getAttribute('href')) + '"]');
    }
    /* A row under the pointer lights its dot. */
    let lit = null;
    document.addEventListener('pointerover', function (event) {
        const row = event.target.closest ? event.target.closest('.store-list tbody tr') : null;
        if (lit) lit.classList.remove('lit');
        lit = row ? dotOf(row.closest('.store-list').dataset.map, row) : null;
        if (lit) lit.classList.add('lit');
    });

    /* --- whenever the page draws one ----------------------------------------------------------------------------- */

    function adopt() {
        [['.store-map svg.china', adoptMap], ['.store-list table', adoptTable]].forEach(function (kind) {
            document.querySelectorAll(kind[0] + ':not([data-live])').forEach(function (drawn) {
                drawn.setAttribute('data-live', '');
                kind[1](drawn);
            });
        });
    }
    new MutationObserver(adopt).observe(document.documentElement, {childList: true, subtree: true});
    adopt();
})();
