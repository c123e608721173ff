/* Tables marked data-sortable: a button in a heading sorts (up, down, as given), a box narrows, files follow the box.

   Cells carry their raw value in data-sort; blanks stay last. In a table marked data-sortable and data-across the rows
   are indicators, so a button in a row's heading sorts the columns. A redraw with newer data keeps order and box. */
(function () {
    'use strict';

    const kept = new Map();     // by the table's name: {sort: {place, down}, find}

    function memory(table) {
        const name = window.location.pathname + ' ' + table.dataset.sortable;
        if (!kept.has(name)) kept.set(name, {});
        return kept.get(name);
    }
    function across(table) { return 'across' in table.dataset; }
    function plain(text) { return text.normalize('NFKC').toLowerCase(); }

    /* What is put in order: rows, or the cells of every row below and beside the heading. */
    function rank(nodes) {
        let next = nodes.reduce(function (most, node) { return Math.max(most, Number(node.dataset.rank) + 1 || 0); }, 0);
        nodes.forEach(function (node) { if (!node.dataset.rank) node.dataset.rank = next++; });
    }
    function rows(table) { return Array.from(table.tBodies[0].rows); }
    function lines(table) { return [table.tHead.rows[0], ...rows(table)].map(function (row) { return Array.from(row.cells).slice(1); }); }

    function key(cell) {
        const raw = cell && (cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent);
        if (!raw) return null;
        const number = Number(raw);
        return Number.isNaN(number) ? raw : number;
    }
    function comparing(down) {
        const words = new Intl.Collator(document.documentElement.lang || undefined, {numeric: true}).compare;
        return function (a, b) {
            if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.rank - b.rank;
            const numbers = typeof a.key === 'number' && typeof b.key === 'number';
            const order = numbers ? a.key - b.key : words(String(a.key), String(b.key));
            return (down ? -order : order) || a.rank - b.rank;
        };
    }
    function ordered(nodes, cells, sort) {
        const keyed = nodes.map(function (node, i) { return {node: node, rank: Number(node.dataset.rank), key: sort ? key(cells[i]) : 0}; });
        return keyed.sort(comparing(sort && sort.down)).map(function (entry) { return entry.node; });
    }
    function put(parent, nodes) {
        const now = Array.from(parent.children).slice(-nodes.length);
        if (nodes.some(function (node, i) { return node !== now[i]; })) parent.append(...nodes);
    }

    function arrange(table) {
        const sort = memory(table).sort;
        heads(table).forEach(function (head) {
            if (sort && head.dataset.by === sort.by) head.setAttribute('aria-sort', sort.down ? 'descending' : 'ascending');
            else head.removeAttribute('aria-sort');
        });
        if (!across(table)) {
            const all = rows(table);
            rank(all);
            const place = sort ? heads(table).findIndex(function (head) { return head.dataset.by === sort.by; }) : 0;
            put(table.tBodies[0], ordered(all, all.map(function (row) { return row.cells[place]; }), place < 0 ? undefined : sort));
            return;
        }
        const all = lines(table);
        all.forEach(rank);
        const chosen = sort && heads(table).find(function (head) { return head.dataset.by === sort.by; });
        const cells = chosen ? Array.from(chosen.parentElement.cells).slice(1) : all[0];
        const order = ordered(cells, cells, chosen ? sort : undefined).map(function (cell) { return cell.dataset.rank; });
        all.forEach(function (line) {
            const by = new Map(line.map(function (cell) { return [cell.dataset.rank, cell]; }));
            const wanted = order.map(function (rank) { return by.get(rank); }).filter(Boolean);
            if (line.length && wanted.length === line.length) put(line[0].parentElement, wanted);
        });
    }
    function heads(table) {
        const found = across(table) ? table.querySelectorAll('tbody th') : table.tHead.rows[0].cells;
        return Array.from(found).map(function (head, i) {
            const button = head.querySelector('button');
            head.dataset.by = button ? button.textContent : String(i);
            return head;
        });
    }

    document.addEventListener('click', function (event) {
        const button = event.target.closest && event.target.closest('table[data-sortable] th > button');
        if (!button) return;
        const head = button.parentElement;
        const table = head.closest('table');
        heads(table);
        const state = memory(table);
        const same = state.sort && state.sort.by === head.dataset.by;
        state.sort = !same ? {by: head.dataset.by, down: false} : state.sort.down ? undefined : {by: head.dataset.by, down: true};
        quietly(function () { arrange(table); });
    });

    /* --- the box ------------------------------------------------------------------------------------------------- */

    function narrow(table) {
        const box = boxOf(table);
        if (!box) return;
        const words = plain(memory(table).find || '').split(/\s+/).filter(Boolean);
        let shown = 0;
        rows(table).forEach(function (row) {
            const text = words.length ? plain(row.textContent) : '';
            const hit = words.every(function (word) { return text.includes(word); });
            if (row.hidden === hit) row.hidden = !hit;
            shown += hit;
        });
        const said = box.parentElement.querySelector('output');
        const told = !words.length ? '' : shown ? shown + ' / ' + rows(table).length : said.dataset.none;
        if (said.textContent !== told) said.textContent = told;
    }
    function boxOf(table) { return document.querySelector('input[data-finds="' + CSS.escape(table.dataset.sortable) + '"]'); }
    document.addEventListener('input', function (event) {
        const box = event.target;
        if (!box.dataset || !box.dataset.finds) return;
        document.querySelectorAll('table[data-sortable="' + CSS.escape(box.dataset.finds) + '"]').forEach(function (table) {
            memory(table).find = box.value;
            quietly(function () { narrow(table); });
        });
    });
    document.addEventListener('keydown', function (event) {
        const box = event.target;
        if (event.key !== 'Escape' || !box.dataset || !box.dataset.finds || !box.value) return;
        box.value = '';
        box.dispatchEvent(new Event('input', {bubbles: true}));
        event.stopPropagation();
    });
    /* A file holds what the box has left on the screen. */
    document.addEventListener('click', function (event) {
        const link = event.target.closest && event.target.closest('.exports a');
        if (!link) return;
        const box = link.closest('section').querySelector('input[data-finds]');
        if (!box) return;
        const address = new URL(link.href);
        if (box.value.trim()) address.searchParams.set('find', box.value.trim());
        else address.searchParams.delete('find');
        link.href = address.pathname + address.search;
    }, true);

    /* --- whenever the page draws or redraws one ------------------------------------------------------------------- */

    const observer = new MutationObserver(function () {
        quietly(function () {
            document.querySelectorAll('table[data-sortable]').forEach(function (table) {
                const state = memory(table);
                const box = boxOf(table);
                if (box && state.find && box.value !== state.find && document.activeElement !== box) box.value = state.find;
                if (state.sort || table.querySelector('[data-rank]')) arrange(table);
                if (state.find !== undefined) narrow(table);
            });
        });
    });
    function quietly(act) {
        act();
        observer.takeRecords();
    }
    observer.observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-sort']});
})();
