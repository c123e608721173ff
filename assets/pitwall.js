/* The product's own Dash component, and what its menus need. No build step: React is what Dash brings. */
(function () {
    'use strict';

    /* components/svg.py: shows markup built on the server from escaped text. */
    function Svg(props) {
        const picks = React.useRef(0);
        function pick(event) {
            if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
            const found = event.target.closest('[data-pick]');
            if (!found || !event.currentTarget.contains(found) || !props.setProps) return;
            if (event.type === 'keydown') event.preventDefault();
            picks.current += 1;
            props.setProps({picked: {key: found.getAttribute('data-pick'), count: picks.current}});
        }
        const shown = {className: props.className, dangerouslySetInnerHTML: {__html: props.markup}};
        if (props.id) shown.id = typeof props.id === 'string' ? props.id : JSON.stringify(props.id, Object.keys(props.id).sort());
        const pickable = props.markup.includes('data-pick');
        const actedOn = pickable || props.markup.includes('<a ') || props.markup.includes('<input');
        if (props.title) Object.assign(shown, {role: actedOn ? 'group' : 'img', 'aria-label': props.title, title: props.title});
        else if (!actedOn) shown['aria-hidden'] = 'true';
        if (pickable) Object.assign(shown, {onClick: pick, onKeyDown: pick});
        return React.createElement('span', shown);
    }

    window.pitwall = Object.assign(window.pitwall || {}, {Svg: Svg});

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
