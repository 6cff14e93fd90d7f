// Texts whose contrast with what lies behind them is too low, one a line; "" if there is none.
(() => {
  const parse = (text) => {
    const numbers = (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return text.startsWith("color(srgb")
      ? [numbers[0] * 255, numbers[1] * 255, numbers[2] * 255, numbers[3] === undefined ? 1 : numbers[3]]
      : [numbers[0], numbers[1], numbers[2], numbers[3] === undefined ? 1 : numbers[3]];
  };
  const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3]));
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    if (!text || !box.width || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden") continue;
    const behind = ground(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [luminance(over(parse(colour), behind)), luminance(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) bad.add(`${ratio.toFixed(2)} ${element.tagName}.${element.className} ${text}`);
  }
  return [...bad].slice(0, 20).join("\n");
})();
