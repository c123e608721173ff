/* The server paints the first screen as HTML into #first-paint, before #react-entry-point. Once Dash has drawn the
   same page the painted one goes, in the same frame, so that nothing flickers or jumps. */
(function () {
    'use strict';

    const ROOT = 'react-entry-point';
    const DRAWN = 'main, [data-role=headline]';

    function watch() {
        const painted = document.getElementById('first-paint');
        const root = document.getElementById(ROOT);
        if (!painted || !root) return;

        function handOver() {
            if (!root.querySelector(DRAWN)) return false;
            const focused = painted.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
            const place = window.scrollY;
            painted.remove();
            window.scrollTo(0, place);
            if (focused) {
                const same = root.querySelector('a[href="' + CSS.escape(focused) + '"]');
                if (same) same.focus({preventScroll: true});
            }
            return true;
        }

        if (handOver()) return;
        // Mutations are told before the next frame is painted.
        const observer = new MutationObserver(function () {
            if (handOver()) observer.disconnect();
        });
        observer.observe(root, {childList: true, subtree: true});
    }

    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch);
    else watch();
})();
