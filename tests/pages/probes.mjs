// What is asked of a page. Each function runs in the page, so none uses anything from outside itself, and returns words for
// every fault that it finds.

// Nothing may stick out of the page, of its card or of its button. At `all` widths tables too: on a phone they may be scrolled.
export function overflow(tablesToo) {
    const faults = [];
    const page = document.scrollingElement;
    if (page.scrollWidth > innerWidth) {
        const widest = [...document.body.querySelectorAll('*')]
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.rola, nav, .pular, caption, .oculto'))
            .map((element) => `${element.tagName}.${element.className}`);
        faults.push(`scrolls sideways, ${page.scrollWidth} of ${innerWidth} px: ${widest.slice(0, 3).join(', ')}`);
    }
    const boxes = '.cartao, .indicador, .manchete, .filtros, .titulo, .botao, .marca, .frescor, .erro-pagina';
    for (const box of document.querySelectorAll(tablesToo ? `${boxes}, .rola` : boxes))
        if (box.clientWidth && box.scrollWidth > box.clientWidth + 1)
            faults.push(`sticks out by ${box.scrollWidth - box.clientWidth} px: .${box.className} "${box.textContent.trim().slice(0, 40)}"`);
    for (const rola of document.querySelectorAll('.rola'))
        if (rola.getBoundingClientRect().right > innerWidth + 1) faults.push('a scrolling region is wider than the page');
    return faults;
}

// Every chart has ink in several places, words for a reader, and its numbers beside it.
export function charts() {
    const faults = [];
    for (const canvas of document.querySelectorAll('canvas')) {
        const name = canvas.dataset.grafico;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let ink = 0;
        for (let i = 3; i < data.length; i += 4) ink += data[i] > 0;
        if (ink < 500) faults.push(`chart ${name} is blank (${ink} pixels)`);
        if (canvas.getAttribute('role') !== 'img' || !canvas.getAttribute('aria-label')) faults.push(`chart ${name} has no words`);
        if (!canvas.closest('.cartao')?.querySelector('table')) faults.push(`chart ${name} has no numbers`);
    }
    return { faults, count: document.querySelectorAll('canvas').length };
}

// The figures as a person reads them; a figure that is not seen is empty.
export function figures() {
    return [...document.querySelectorAll('.indicador, .manchete, tbody tr')].map((element) =>
        element.checkVisibility() || element.closest('details') ? element.textContent.trim() : '');
}

export function unfold() {
    for (const details of document.querySelectorAll('details')) details.open = true;
}

// What can be touched on a phone is 44 px high. Links within a text or a table are not meant.
export function targets() {
    return [...document.querySelectorAll('.topo a, .botao, summary, input:not([type=hidden]), select, .atalhos a')]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
        .map((element) => `target of ${element.getBoundingClientRect().height.toFixed(1)} px: ${element.tagName} "${element.textContent.trim().slice(0, 30)}"`);
}

// Where the keyboard is, and whether that is seen.
export function focus() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
        name: `${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`,
        body: element === document.body,
        skip: element.classList.contains('pular'),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}

// Breaks of rules of WCAG 2.0 to 2.2, level A and AA. axe is in the page already.
export async function axe() {
    const found = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    return {
        passes: found.passes.length,
        faults: found.violations.flatMap((rule) => rule.nodes.map((node) =>
            `axe ${rule.id}: ${node.html.slice(0, 120)} (${node.any.concat(node.all, node.none).map((check) => check.message)[0] ?? rule.help})`)),
    };
}

// Of what is printed: nothing that only a screen needs, and all numbers.
export function paper() {
    const faults = [];
    for (const element of document.querySelectorAll('nav, form, .botao, .pular, .filtros, .acoes'))
        if (element.checkVisibility()) faults.push(`printed: ${element.tagName}.${element.className}`);
    for (const table of document.querySelectorAll('table'))
        if (!table.querySelector('tbody').getBoundingClientRect().height) faults.push(`not printed: ${table.caption?.textContent}`);
    if (getComputedStyle(document.body).color !== 'rgb(22, 32, 42)') faults.push('printed in the dark theme');
    return faults;
}
