/** When which manifest was pushed; a registry doesn't keep that. */
export interface PushLog {
  record(repository: string, digest: string): void;
  /** The time of a manifest's push; the time of the first question for one pushed before this log began. */
  pushedAt(repository: string, digest: string): Date;
  digests(repository: string): string[];
  forget(repository: string, digest: string): void;
}

/** An empty log. */
export function createPushLog(): PushLog {
  const pushes = new Map<string, Map<string, Date>>();
  const of = (repository: string): Map<string, Date> => {
    const known = pushes.get(repository) ?? new Map<string, Date>();
    pushes.set(repository, known);
    return known;
  };
  return {
    record: (repository, digest) => {
      of(repository).set(digest, new Date());
    },
    pushedAt(repository, digest) {
      const time = of(repository).get(digest) ?? new Date();
      of(repository).set(digest, time);
      return time;
    },
    digests: (repository) => [...of(repository).keys()],
    forget: (repository, digest) => {
      of(repository).delete(digest);
    },
  };
}
