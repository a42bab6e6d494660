// Which stretches of a text are marked, and how? Cuts a text into pieces that never overlap.

export interface Mark {
  from: number;
  to: number;
}

export interface Piece<M extends Mark> {
  text: string;
  from: number;
  /** The marks that lie over it, the narrowest last. */
  marks: M[];
}

export function pieces<M extends Mark>(text: string, marks: readonly M[]): Piece<M>[] {
  const cuts = new Set([0, text.length]);
  for (const mark of marks) {
    cuts.add(Math.max(0, Math.min(text.length, mark.from)));
    cuts.add(Math.max(0, Math.min(text.length, mark.to)));
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const byStart = [...marks].sort((a, b) => a.from - b.from || b.to - a.to);
  const found: Piece<M>[] = [];
  let next = 0;
  let open: M[] = [];
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const from = sorted[i] ?? 0;
    const to = sorted[i + 1] ?? text.length;
    while (next < byStart.length && (byStart[next]?.from ?? 0) <= from) {
      const mark = byStart[next];
      if (mark) open.push(mark);
      next += 1;
    }
    open = open.filter((mark) => mark.to > from);
    const over = [...open].sort((a, b) => b.to - b.from - (a.to - a.from));
    found.push({ text: text.slice(from, to), from, marks: over });
  }
  return found.filter((piece) => piece.text !== "");
}
