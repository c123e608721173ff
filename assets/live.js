/* Keeps a screen honest: asks /version whether there is newer data, and says so when nobody answers or the data is old.

   The page tells it (all optional) on <html>: data-version (the ETag of what is shown), data-age (seconds since the
   newest event), data-max-age (seconds after which that is too old), data-poll (seconds between questions).
   When the version moved, the Dash store "version" gets it. When it cannot be asked, <html data-connection="lost">
   and every tile greys; the custom property --lost-since carries the time. It recovers by itself. */
(function () {
    'use strict';

    const page = document.documentElement;
    const address = page.dataset.versionUrl || '/version';
    const every = Number(page.dataset.poll || 15) * 1000;
    const patience = 2;
    let etag = page.dataset.version || null;
    // Ages come from the server, so that neither a wrong clock nor another time zone makes old data look fresh.
    let asOf = born(page.dataset.age);
    let failures = 0;
    let timer = null;
    let asking = false;

    function born(age) { return age ? Date.now() - Number(age) * 1000 : null; }

    function two(n) { return String(n).padStart(2, '0'); }

    function clock(time) {
        const d = new Date(time);
        return two(d.getHours()) + ':' + two(d.getMinutes());
    }

    function tell(state, since) {
        if (page.dataset.connection === state) return;
        page.dataset.connection = state;
        page.style.setProperty('--lost-since', state === 'lost' ? '"' + clock(since) + '"' : '""');
        document.dispatchEvent(new CustomEvent('pitwall:connection', {detail: state}));
    }

    function tooOld() {
        const limit = Number(page.dataset.maxAge || 0) * 1000;
        return Boolean(limit && asOf && Date.now() - asOf > limit);
    }

    let lastAnswer = Date.now();

    function judge() {
        if (failures >= patience) tell('lost', lastAnswer);
        else if (tooOld()) tell('lost', asOf);
        else tell('live');
    }

    function announce(moved) {
        const first = etag === null;
        etag = moved;
        if (first || !window.dash_clientside || !window.dash_clientside.set_props) return;
        document.dispatchEvent(new CustomEvent('pitwall:moving'));
        window.dash_clientside.set_props('version', {data: moved});
    }

    async function ask() {
        if (asking || document.hidden) return;
        asking = true;
        const stop = new AbortController();
        const limit = setTimeout(function () { stop.abort(); }, Math.min(every, 10000));
        try {
            const headers = etag ? {'If-None-Match': etag} : {};
            const answer = await fetch(address, {headers: headers, cache: 'no-store', signal: stop.signal});
            if (!answer.ok && answer.status !== 304) throw new Error('HTTP ' + answer.status);
            failures = 0;
            lastAnswer = Date.now();
            asOf = born(answer.headers.get('X-Data-Age')) || asOf;
            const moved = answer.headers.get('ETag');
            if (answer.status === 200 && moved && moved !== etag) announce(moved);
        } catch (error) {
            failures += 1;
        } finally {
            clearTimeout(limit);
            asking = false;
            judge();
        }
    }

    function plan() {
        clearTimeout(timer);
        // Spread over time, so that thousands of screens do not ask in the same second.
        const wait = failures ? Math.min(every, 5000) : every;
        timer = setTimeout(function () { ask().then(plan); }, wait * (0.8 + 0.4 * Math.random()));
    }

    document.addEventListener('visibilitychange', function () {
        if (document.hidden) clearTimeout(timer);
        else ask().then(plan);
    });
    window.addEventListener('online', function () { ask().then(plan); });
    window.addEventListener('offline', function () { failures = patience; judge(); });
    plan();
})();
