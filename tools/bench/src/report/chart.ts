import type { Figure } from '../measure/figure.js';
import { goalText, ratioText } from './table.js';

const layout = { width: 760, row: 26, top: 40, labels: 330, bars: 280 } as const;
const colours = { met: '#2e7d32', missed: '#c62828', goal: '#555', text: '#222' } as const;
/** Ratios up to this many times their goal are drawn to scale. */
const widest = 2;

/**
 * A bar for each ratio that has a goal, as an SVG picture. All goals stand on one line: a bar shows the ratio as a share
 * of its goal. Whether it should end before the line or behind it is told by the goal's text.
 */
export function ratioChart(figures: readonly Figure[]): string {
  const rows = figures.flatMap(({ goal, ratio, ...figure }) =>
    goal?.of === 'ratio' && ratio !== undefined ? [{ ...figure, goal, ratio }] : [],
  );
  const height = layout.top + rows.length * layout.row + 10;
  const goalX = layout.labels + layout.bars / widest;
  const bars = rows.map(({ bench, name, goal, ratio, unit, met }, index) => {
    const limit = goal.atLeast ?? goal.atMost ?? 1;
    const width = Math.max(1, Math.min(widest, ratio / limit) * (layout.bars / widest));
    const y = layout.top + index * layout.row;
    const texts = [
      text(layout.labels - 8, y + 15, `${bench}: ${name}`, 'end'),
      text(
        layout.labels + layout.bars + 8,
        y + 15,
        `${ratioText(ratio)} (${goalText(goal, unit)})`,
      ),
    ];
    const colour = met === true ? colours.met : colours.missed;
    return `<rect x="${layout.labels}" y="${y}" width="${width.toFixed(1)}" height="18" fill="${colour}"/>${texts.join('')}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${height}" font-family="sans-serif" font-size="12" fill="${colours.text}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(goalX, layout.top - 14, 'goal', 'middle'),
    ...bars,
    `<line x1="${goalX}" x2="${goalX}" y1="${layout.top - 8}" y2="${height - 10}" stroke="${colours.goal}" stroke-dasharray="4 3"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped}</text>`;
}
