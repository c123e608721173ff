/* Tables marked data-sortable sort by a click or Enter on a heading; numbers by their raw value, blanks last. */
(function () {
    'use strict';

    function key(row, place) {
        const raw = row.cells[place] ? row.cells[place].dataset.sort || '' : '';
        const number = Number(raw);
        return raw === '' ? null : Number.isNaN(number) ? raw : number;
    }

    function compare(a, b) {
        if (a === null || b === null) return (a === null) - (b === null);
        return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
    }

    document.addEventListener('click', sort);
    document.addEventListener('keydown', function (event) {
        if (event.key === 'Enter') sort(event);
    });
    document.addEventListener('focusin', prepare);
    document.addEventListener('mouseover', prepare);

    function prepare(event) {
        const table = event.target.closest && event.target.closest('.scroll, table[data-sortable]');
        const found = table && (table.matches('table') ? table : table.querySelector('table[data-sortable]'));
        if (!found) return;
        for (const th of found.tHead.rows[0].cells) {
            if (th.tabIndex < 0) th.tabIndex = 0;
        }
    }

    function sort(event) {
        const th = event.target.closest && event.target.closest('table[data-sortable] thead th');
        if (!th) return;
        const table = th.closest('table');
        const down = th.getAttribute('aria-sort') === 'ascending';
        for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
        th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const rows = Array.from(body.rows);
        const sign = down ? -1 : 1;
        rows.sort(function (a, b) {
            const x = key(a, th.cellIndex);
            const y = key(b, th.cellIndex);
            return x === null || y === null ? compare(x, y) : sign * compare(x, y);
        });
        body.append(...rows);
    }
})();
