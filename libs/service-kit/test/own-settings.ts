import { catalogue, type Service } from '../src/settings/catalogue.js';

/** Read by whatever starts a service, not by the service. */
const ofTheStart = [
  'LOG_LEVEL',
  'LOG_FORMAT',
  'EXREC_DRAIN_SECONDS',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
];

/** The settings that the documentation says a service has, in the order of the alphabet. */
export function ownSettings(service: Service): string[] {
  return Object.entries(catalogue)
    .filter(([name, { who }]) => who.includes(service) && !ofTheStart.includes(name))
    .map(([name]) => name)
    .sort();
}
