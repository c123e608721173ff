/* Keeps a screen honest: asks /version whether there is newer data, and greys what has grown too old.

   The page tells it (all optional) on <html>: data-version (the ETag of what is shown), data-now (the network's time),
   data-poll (seconds between questions), data-kept (what is shown was kept from earlier, and nobody has confirmed it).
   Whatever shows a number says how far it reaches and how old it may grow: data-as-of, data-good-for (seconds).

   <html data-connection> becomes "live"; "late" when something shown is older than it may be; "lost" when nobody answers,
   and then everything is too old. Such a thing gets data-aged with the time it is of, --lost-since carries the oldest.
   <html data-session="ended"> says that nobody is signed in any more. All of it recovers by itself.
   When the version moved, the Dash store "version" gets it; each answer is told as the event "pitwall:checked". */
(function () {
    'use strict';

    const page = document.documentElement;
    const address = page.dataset.versionUrl || '/version';
    const every = Number(page.dataset.poll || 15) * 1000;
    const patience = 2;
    let etag = plain(page.dataset.version) || null;
    // The time comes from the server, so that neither a wrong clock nor another time zone makes old data look fresh.
    let told = page.dataset.now ? heard(page.dataset.now) : null;
    let failures = 0;
    let ended = false;
    let timer = null;
    let asking = false;

    function plain(tag) { return (tag || '').replace(/^W\//, '').replace(/"/g, ''); }

    function moment(iso) { return Date.parse(iso.slice(0, 19) + 'Z'); }

    function heard(iso) { return {at: moment(iso), clock: Date.now(), steady: performance.now()}; }

    function hear(iso) { if (iso) told = heard(iso); }

    /* Network time; null while nobody has told it. A screen that slept or whose clock was set is never younger for it. */
    function now() {
        if (!told) return null;
        return told.at + Math.max(Date.now() - told.clock, performance.now() - told.steady);
    }

    function said(iso) {
        const today = now() !== null && new Date(now()).toISOString().slice(0, 10) === iso.slice(0, 10);
        return today ? iso.slice(11, 16) : iso.slice(5, 10) + ' ' + iso.slice(11, 16);
    }

    function sign(one, words) {
        [one, one.querySelector('.state')].forEach(function (node) {
            if (!node) return;
            if (words === null) delete node.dataset.aged;
            else if (node.dataset.aged !== words) node.dataset.aged = words;
        });
    }

    /* Greys what is too old and says since when; the oldest of it, or null. */
    function greyed(lost) {
        const bar = document.querySelector('.lost');
        const word = bar && bar.dataset.word ? bar.dataset.word + ' ' : '';
        let oldest = null;
        document.querySelectorAll('[data-as-of][data-good-for]').forEach(function (one) {
            const asOf = one.dataset.asOf;
            const aged = lost || (now() !== null && now() - moment(asOf) > Number(one.dataset.goodFor) * 1000);
            sign(one, aged ? word + said(asOf) : null);
            if (aged && (oldest === null || asOf < oldest)) oldest = asOf;
        });
        return oldest;
    }

    function judge() {
        const lost = ended || failures >= patience || 'kept' in page.dataset;
        const oldest = greyed(lost);
        const state = lost ? 'lost' : oldest ? 'late' : 'live';
        const since = oldest || (lost && page.dataset.asOf) || '';
        page.style.setProperty('--lost-since', '"' + (since && said(since)) + '"');
        if (ended) page.dataset.session = 'ended';
        else delete page.dataset.session;
        if (ended) document.querySelectorAll('.ended .again').forEach(function (link) {
            link.setAttribute('href', '/sign-in?next=' + encodeURIComponent(window.location.pathname + window.location.search));
        });
        if (page.dataset.connection === state) return;
        page.dataset.connection = state;
        document.dispatchEvent(new CustomEvent('pitwall:connection', {detail: state}));
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
            const headers = etag ? {'If-None-Match': '"' + etag + '"'} : {};
            const answer = await fetch(address, {headers: headers, cache: 'no-store', signal: stop.signal});
            ended = answer.status === 401;
            if (!ended && !answer.ok && answer.status !== 304) throw new Error('HTTP ' + answer.status);
            failures = 0;
            hear(answer.headers.get('X-Now'));
            const moved = plain(answer.headers.get('ETag'));
            if (answer.status === 200 && moved && moved !== etag) announce(moved);
            const detail = {version: moved || etag, ended: ended};
            document.dispatchEvent(new CustomEvent('pitwall:checked', {detail: detail}));
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
        if (document.hidden) return;
        // Spread over time, so that thousands of screens do not ask in the same second.
        const wait = failures ? Math.min(every, 5000) : every;
        timer = setTimeout(look, wait * (0.8 + 0.4 * Math.random()));
    }

    function look() { ask().then(plan); }

    document.addEventListener('visibilitychange', function () {
        clearTimeout(timer);
        if (document.hidden) return;
        judge(); // what was left open may have grown old meanwhile
        look();
    });
    window.addEventListener('online', look);
    window.addEventListener('offline', function () { failures = patience; judge(); });
    document.addEventListener('pitwall:shown', judge);
    window.pitwall = Object.assign(window.pitwall || {}, {now: now, hear: hear});
    plan();
})();
