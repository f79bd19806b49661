// SPDX-License-Identifier: Apache-2.0
//
// Draws what the guest shows on the upper part of its screen: a title, and waves that guest/screen lets drift.
// The guest has no program that could draw, so it is drawn here, once, as rows of pixels that end in a line
// feed. The guest cuts and repeats these rows to the width of its screen with awk, which works on lines of
// text: therefore no byte of a pixel may be 0 or a line feed.

type Colour = readonly [red: number, green: number, blue: number];
type Point = readonly [x: number, y: number];

/** Pixels. guest/screen knows the heights too. */
export const size = { width: 640, title: 96, waves: 128 };

const background: Colour = [0x0f, 0x17, 0x1e]; // also in guest/screen, as the colour behind the text
const lettering: Colour = [0xe8, 0xf0, 0xec];
const leafGreen: Colour = [0x4f, 0xb4, 0x77];
const lowestByte = 11;

const mix = (from: Colour, to: Colour, part: number): Colour => {
  const share = Math.min(1, Math.max(0, part));
  const between = (index: 0 | 1 | 2): number => from[index] + (to[index] - from[index]) * share;
  return [between(0), between(1), between(2)];
};

function rows(height: number, colourAt: (x: number, y: number) => Colour): Buffer {
  const rowLength = size.width * 4 + 1;
  const picture = Buffer.alloc(height * rowLength, 0xff);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      const [red, green, blue] = colourAt(x, y);
      const bytes = [blue, green, red].map((byte) => Math.max(lowestByte, Math.round(byte)));
      picture.set(bytes, y * rowLength + x * 4); // the fourth byte is not used by the screen
    }
    picture[(y + 1) * rowLength - 1] = 0x0a;
  }
  return picture;
}

// ---- waves ----------------------------------------------------------------------------------------------------

const waveColours: readonly Colour[] = [
  [0x12, 0x3a, 0x4a],
  [0x1c, 0x6b, 0x6e],
  [0x4f, 0xb4, 0x77],
  [0x1f, 0x5d, 0x7a],
];

/** Repeats without a seam after `size.width` pixels to the right and `size.waves` downwards. */
export function drawWaves(): Buffer {
  const turn = 2 * Math.PI;
  return rows(size.waves, (x, y) => {
    const [across, down] = [(turn * x) / size.width, (turn * y) / size.waves];
    const bend = 1.1 * Math.sin(across * 2) + 0.6 * Math.sin(across * 3 + down);
    const height = (Math.sin(down + bend) + 1) / 2 + 0.12 * Math.sin(2 * down - across + bend);
    const position = Math.min(0.999, Math.max(0, height)) * (waveColours.length - 1);
    const index = Math.floor(position);
    return mix(waveColours[index] ?? background, waveColours[index + 1] ?? background, position - index);
  });
}

// ---- title ----------------------------------------------------------------------------------------------------

const arc = (x: number, y: number, radius: number, from: number, to: number): Point[] =>
  Array.from({ length: 25 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / 24) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
const line = (...points: Point[]): Point[] => points;

// Letters as strokes: 1 is the height of a small letter, y grows downwards, the base line is 1. Angles in degrees,
// clockwise from the right.
const letters: Record<string, { advance: number; strokes: Point[][] }> = {
  P: {
    advance: 1.15,
    strokes: [
      line([0, 1], [0, -0.6], [0.4, -0.6]),
      arc(0.4, -0.15, 0.45, -90, 90),
      line([0.4, 0.3], [0, 0.3]),
    ],
  },
  h: {
    advance: 1.1,
    strokes: [line([0, 1], [0, -0.6]), arc(0.38, 0.38, 0.38, 180, 360), line([0.76, 0.38], [0.76, 1])],
  },
  y: { advance: 1.05, strokes: [line([0, 0], [0.4, 0.95]), line([0.8, 0], [0.22, 1.45])] },
  l: { advance: 0.36, strokes: [line([0, 1], [0, -0.6])] },
  o: { advance: 1.3, strokes: [arc(0.5, 0.5, 0.5, 0, 360)] },
  m: {
    advance: 1.5,
    strokes: [
      line([0, 1], [0, 0]),
      ...[0.29, 0.87].flatMap((x) => [arc(x, 0.29, 0.29, 180, 360), line([x + 0.29, 0.29], [x + 0.29, 1])]),
    ],
  },
  e: { advance: 1, strokes: [arc(0.5, 0.5, 0.5, 45, 360), line([1, 0.5], [0, 0.5])] },
};

/** Every stroke of the word as short straight pieces, in pixels. */
function strokesOf(word: string, left: number, top: number, scale: number): [Point, Point][] {
  const pieces: [Point, Point][] = [];
  let x = left;
  for (const letter of word) {
    const { advance, strokes } = letters[letter] ?? { advance: 0, strokes: [] };
    for (const stroke of strokes) {
      const points = stroke.map(([px, py]): Point => [x + px * scale, top + py * scale]);
      for (const [index, point] of points.slice(1).entries()) pieces.push([points[index] ?? point, point]);
    }
    x += advance * scale;
  }
  return pieces;
}

function distance([x, y]: Point, [[ax, ay], [bx, by]]: [Point, Point]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** A leaf and the name, on the background; to the right of it the background may be continued. */
export function drawTitle(): Buffer {
  const word = strokesOf('Phyllome', 104, 36, 26);
  const thickness = 2.6; // half of it, pixels
  const isNear = (x: number, [[ax], [bx]]: [Point, Point]): boolean =>
    x > Math.min(ax, bx) - 4 && x < Math.max(ax, bx) + 4;
  const near = Array.from({ length: size.width }, (_, x) => word.filter((piece) => isNear(x, piece)));
  const middle: Point = [56, 48];
  const vein: [Point, Point] = [
    [40, 64],
    [66, 38],
  ];
  return rows(size.title, (x, y) => {
    // The leaf is what two circles have in common; its tips point down left and up right.
    const [u, v] = [
      (x - middle[0] - (y - middle[1])) / Math.SQRT2,
      (x - middle[0] + (y - middle[1])) / Math.SQRT2,
    ];
    const [radius, apart] = [38, 22];
    const leaf = radius - Math.max(Math.hypot(u, v - apart), Math.hypot(u, v + apart));
    let colour = mix(background, mix(leafGreen, lettering, v / 60), leaf + 0.5);
    colour = mix(colour, background, 1.6 - distance([x, y], vein));
    const nearest = Math.min(...(near[x] ?? []).map((piece) => distance([x, y], piece)));
    return mix(colour, lettering, thickness - nearest + 0.5);
  });
}
