/* A wall: shows the frames of a playlist in turn, fetches them anew when there is newer data, and keeps the last ones.

   The page itself holds no number; the frames come from …/frames as HTML, and their <div id="screen"> says data-version,
   data-seconds, data-line (the height of a line as a share of the width) and data-page (the page they belong to). live.js
   tells what the server answers and greys what has grown old. The last frames are kept in this browser, so that a screen
   that starts while nobody answers shows them, dated and grey; once the server refuses the screen they are forgotten.
   Space pauses, the arrow keys turn. A red that was not there before comes first. */
(function () {
    'use strict';

    const page = document.documentElement;
    const root = document.getElementById('wall');
    const path = window.location.pathname.replace(/\/$/, '');
    const KEPT = 'pitwall ' + path;
    const ANEW = 5 * 60000, RETRY = 5000, GIVE_UP = 30000, RESUME = 10 * 60000;
    const NIGHT_FROM = 3, NIGHT_HOURS = 1;
    const SHIFT = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
    let shown = null;
    let at = 0;
    let turning = null;
    let paused = false;
    let resuming = null;
    let loading = false;
    let loaded = 0;
    let night = null;
    let fresh = false;

    function screen() { return document.getElementById('screen'); }
    function frames() { return Array.from(root.querySelectorAll('.frame')); }
    function reds(frame) {
        return Array.from(frame.querySelectorAll('[data-kpi][data-status=critical]')).map(function (tile) {
            return frame.dataset.frame.split('#')[0] + ' ' + tile.dataset.kpi;
        });
    }

    /* --- one frame at a time --- */

    function turn(to, news) {
        const all = frames();
        if (!all.length) return;
        at = (to + all.length) % all.length;
        all.forEach(function (frame, place) { frame.hidden = place !== at; });
        root.querySelector('.place').textContent = all.length > 1 ? (at + 1) + ' / ' + all.length : '';
        root.querySelector('.news').hidden = !news;
        root.querySelector('.paused').hidden = !paused;
        plan(news ? 2 : 1);
    }

    function plan(times) {
        clearTimeout(turning);
        if (paused || document.hidden || frames().length < 2) return;
        turning = setTimeout(function () { turn(at + 1); }, times * Number(screen().dataset.seconds) * 1000);
    }

    function pause(on) {
        paused = on;
        clearTimeout(resuming);
        if (on) resuming = setTimeout(function () { pause(false); }, RESUME);
        turn(at);
    }

    /* --- what is shown --- */

    function show(text) {
        const next = new DOMParser().parseFromString(text, 'text/html').getElementById('screen');
        if (!next) throw new Error('no frames');
        const before = frames();
        const known = new Set(before.flatMap(reds));
        const here = before[at] && before[at].dataset.frame;
        root.replaceChildren(document.adoptNode(next));
        shown = next.dataset.version;
        page.lang = next.lang;
        page.dataset.theme = next.dataset.theme;
        page.style.setProperty('--line', next.dataset.line);
        const all = frames();
        const news = before.length ? all.findIndex(function (frame) {
            return reds(frame).some(function (red) { return !known.has(red); });
        }) : -1;
        const same = all.findIndex(function (frame) { return frame.dataset.frame === here; });
        turn(news >= 0 ? news : Math.max(same, 0), news >= 0);
    }

    async function load() {
        if (loading) return;
        loading = true;
        const stop = new AbortController();
        const limit = setTimeout(function () { stop.abort(); }, GIVE_UP);
        try {
            const answer = await fetch(path + '/frames', {cache: 'no-store', signal: stop.signal});
            if (answer.status === 401 || answer.status === 403 || answer.status === 404) return refused();
            if (!answer.ok) throw new Error('HTTP ' + answer.status);
            const text = await answer.text();
            show(text);
            fresh = true;
            window.pitwall.hear(screen().dataset.now);
            tick();
            loaded = performance.now();
            delete page.dataset.kept;
            delete page.dataset.refused;
            keep(text);
            renew(screen().dataset.page);
        } catch (error) {
            setTimeout(load, RETRY);
        } finally {
            clearTimeout(limit);
            loading = false;
            document.dispatchEvent(new CustomEvent('pitwall:shown'));
        }
    }

    /* The browser may have started from a page that it kept; when the server has another one by now, that one is got, once. */
    function renew(newest) {
        if (newest === page.dataset.page || sessionStorage.getItem(KEPT) === newest) return;
        sessionStorage.setItem(KEPT, newest);
        window.location.reload();
    }

    function refused() {
        forget();
        fresh = false;
        root.replaceChildren();
        page.dataset.refused = '';
        shown = null;
    }

    /* --- kept for a start without a network --- */

    function keep(text) { try { localStorage.setItem(KEPT, text); } catch (full) { /* then there is none */ } }
    function forget() { try { localStorage.removeItem(KEPT); } catch (none) { /* nothing was kept */ } }
    function recall() {
        try {
            const text = localStorage.getItem(KEPT);
            if (!text) return;
            page.dataset.kept = '';
            show(text);
            document.dispatchEvent(new CustomEvent('pitwall:shown'));
        } catch (broken) { forget(); }
    }

    /* --- the clock, the night, the glass --- */

    function tick() {
        const time = window.pitwall.now();
        const clock = root.querySelector('.clock');
        if (clock && time !== null) {
            const moment = new Date(time);
            const day = {weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC'};
            const said = new Intl.DateTimeFormat(page.lang, day).format(moment) + ' ' + moment.toISOString().slice(11, 16);
            if (clock.textContent !== said) clock.textContent = said;
        }
        // So that no edge burns itself into the glass, the picture wanders by a hair once a minute.
        const step = SHIFT[Math.floor(Date.now() / 60000) % SHIFT.length];
        root.style.translate = step[0] * 0.06 + 'rem ' + step[1] * 0.06 + 'rem';
        if (time !== null) nightly(time);
    }

    /* Once a night the whole page is loaded anew, each screen at a minute of its own, and only while somebody answers. */
    function nightly(time) {
        if (night === null) {
            const day = new Date(time);
            day.setUTCHours(NIGHT_FROM, Math.floor(Math.random() * NIGHT_HOURS * 60), 0, 0);
            if (day.getTime() <= time) day.setUTCDate(day.getUTCDate() + 1);
            night = day.getTime();
        }
        if (time < night || !fresh || !['live', 'late'].includes(page.dataset.connection)) return;
        night = Infinity;
        window.location.reload();
    }

    document.addEventListener('pitwall:checked', function (event) {
        if (event.detail.ended) { if (!('refused' in page.dataset)) refused(); return; }
        const old = performance.now() - loaded > ANEW;
        if (event.detail.version !== shown || old || !fresh) load();
        tick();
    });
    document.addEventListener('visibilitychange', function () { if (frames().length) plan(1); });
    document.addEventListener('keydown', function (event) {
        if (!frames().length || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === ' ') pause(!paused);
        else if (event.key === 'ArrowRight') turn(at + 1);
        else if (event.key === 'ArrowLeft') turn(at - 1);
        else return;
        event.preventDefault();
    });
    setInterval(tick, 1000);
    recall();
    load();
})();
