/** How far the clocks of MCP and SIP Server may differ. */
export const clockToleranceMs = 5000;

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RankedSpan<T> {
  readonly candidate: T;
  readonly overlapMs: number;
}

export interface Choice<T> {
  readonly chosen: T;
  readonly isAmbiguous: boolean;
  /** All candidates that share time with the span when clocks may differ, the chosen one first. */
  readonly ranked: readonly RankedSpan<T>[];
}

/**
 * The candidate with the longest overlap; the earlier in the list wins a tie. Undefined when none overlaps even
 * if one clock is `clockToleranceMs` ahead of the other. Ambiguous: a tie, or a clock difference within the
 * tolerance would have made another one win.
 */
export function longestOverlap<T>(
  span: TimeSpan,
  candidates: readonly T[],
  spanOf: (candidate: T) => TimeSpan,
): Choice<T> | undefined {
  const measured = candidates
    .map((candidate) => {
      const [early = 0, asTold = 0, late = 0] = [-clockToleranceMs, 0, clockToleranceMs].map(
        (shiftMs) => sharedMs(shifted(span, shiftMs), spanOf(candidate)),
      );
      return { candidate, early, asTold, late, best: Math.max(early, asTold, late) };
    })
    .filter(({ best }) => best > 0)
    // Stable: of equal ones the earlier in the list stays first.
    .sort((left, right) => right.asTold - left.asTold || right.best - left.best);
  const [first, ...others] = measured;
  if (first === undefined) return undefined;
  return {
    chosen: first.candidate,
    isAmbiguous: others.some(
      (other) =>
        other.asTold === first.asTold || other.early > first.early || other.late > first.late,
    ),
    ranked: measured.map(({ candidate, asTold }) => ({ candidate, overlapMs: asTold })),
  };
}

/** Shared time in ms. A span without length counts as one millisecond, so that it can lie within another. */
export function sharedMs(left: TimeSpan, right: TimeSpan): number {
  const shared =
    Math.min(Math.max(left.toMs, left.fromMs + 1), right.toMs) -
    Math.max(left.fromMs, right.fromMs);
  return Math.max(0, shared);
}

function shifted(span: TimeSpan, byMs: number): TimeSpan {
  return { fromMs: span.fromMs + byMs, toMs: span.toMs + byMs };
}
