import type { GcQueue, Program } from './snapshot.js';
import type { TrailStep } from './trail.js';

export type ProgramChoice = {
  readonly programId: string | null;
  readonly trail: readonly TrailStep[];
};

/** Rule 3, and 5 without a queue: the queue's program, else the default one; unpublished ones don't count. */
export function chooseProgram(
  queue: GcQueue | null,
  defaultProgram: Program | null,
): ProgramChoice {
  const trail: TrailStep[] = [];
  if (queue) {
    const { program } = queue;
    trail.push(
      program
        ? {
            rule: program.published ? 'mapped-program' : 'mapped-program-unpublished',
            value: program.id,
          }
        : { rule: 'no-mapped-program' },
    );
    if (program?.published) return { programId: program.id, trail };
  }
  if (!defaultProgram) {
    return { programId: null, trail: [...trail, { rule: 'no-default-program' }] };
  }
  const { id, published } = defaultProgram;
  const rule = published ? 'default-program' : 'default-program-unpublished';
  return { programId: published ? id : null, trail: [...trail, { rule, value: id }] };
}
