/** What `npm audit --json` found, held against the allow-list. Pure. */

/**
 * @param report what npm printed: `{vulnerabilities}`, or undefined when that is no report
 * @returns {undefined | {id: string, name: string, severity: string, title: string}[]} each advisory once; undefined: the registry gave none
 */
export function advisoriesOf(report) {
  if (typeof report?.vulnerabilities !== 'object' || report.vulnerabilities === null)
    return undefined;
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities)) {
    // A text names another package that brings the advisory in.
    for (const advisory of via.filter((each) => typeof each === 'object')) {
      const id = /GHSA(-[a-z0-9]{4}){3}$/.exec(advisory.url ?? '')?.[0] ?? String(advisory.source);
      const { name, severity, title } = advisory;
      found.set(id, { id, name, severity, title });
    }
  }
  return [...found.values()];
}

/** What is wrong with the allow-list, in words; empty: nothing. */
export function faultsOf(allowed) {
  if (!Array.isArray(allowed)) return ['the allow-list is no list'];
  return allowed.flatMap((entry, index) => {
    const { id, reason, until } = entry ?? {};
    const faults = [];
    if (typeof id !== 'string' || id === '') faults.push('has no id');
    if (typeof reason !== 'string' || reason.trim().length < 10) faults.push('has no reason');
    if (typeof until !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(until))
      faults.push('has no day (until: 2027-01-31) on which it is looked at again');
    return faults.map((fault) => `entry ${index + 1} ${fault}`);
  });
}

/**
 * @param today `2026-12-01`
 * @returns advisories that nobody has allowed or whose day is over, and entries that allow nothing any more
 */
export function judge(advisories, allowed, today) {
  const valid = new Set(allowed.filter(({ until }) => until >= today).map(({ id }) => id));
  const present = new Set(advisories.map(({ id }) => id));
  return {
    open: advisories.filter(({ id }) => !valid.has(id)),
    idle: allowed.filter(({ id }) => !present.has(id)),
  };
}
