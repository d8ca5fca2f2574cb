import { fixed } from "./report.ts";

/** Bars that are compared with each other: `least` to `most` is drawn as a line over the bar. */
export type Bars = {
  readonly label: string;
  readonly bars: readonly {
    readonly name: string;
    readonly colour: string;
    readonly value: number;
    readonly least: number;
    readonly most: number;
  }[];
};

/** Horizontal bars in groups, each group to a scale of its own. Without values there is no bar. */
export function barChart(title: string, groups: readonly Bars[]): string {
  const lines: string[] = [];
  let y = TITLE_HEIGHT;
  for (const { label, bars } of groups) {
    if (label !== "") {
      lines.push(text(MARGIN, y + 14, label, "bold"));
      y += LINE;
    }
    const known = bars.filter(({ value }) => Number.isFinite(value));
    const scale = BAR_WIDTH / Math.max(...known.map(({ most }) => most), 1e-9);
    for (const { name, colour, value, least, most } of known) {
      const middle = y + LINE / 2;
      lines.push(
        text(MARGIN + NAME_WIDTH - 8, middle + 4, name, "normal", "end"),
        `<rect x="${MARGIN + NAME_WIDTH}" y="${y + 3}" width="${px(value * scale)}" height="${LINE - 6}" fill="${colour}"/>`,
        `<path d="M${px(MARGIN + NAME_WIDTH + least * scale)} ${middle}H${px(MARGIN + NAME_WIDTH + most * scale)}" stroke="#222"/>`,
        text(MARGIN + NAME_WIDTH + most * scale + 8, middle + 4, fixed(value, 0)),
      );
      y += LINE;
    }
    y += GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#fff"/>`,
    text(MARGIN, 24, title, "bold"),
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

const MARGIN = 16;
const NAME_WIDTH = 130;
const BAR_WIDTH = 520;
const WIDTH = MARGIN + NAME_WIDTH + BAR_WIDTH + 94;
const TITLE_HEIGHT = 40;
const LINE = 20;
const GAP = 12;

function text(x: number, y: number, content: string, weight = "normal", anchor = "start"): string {
  return `<text x="${px(x)}" y="${px(y)}" font-weight="${weight}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function px(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
