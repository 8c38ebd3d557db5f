import { commonNames } from '../src/lifecycle/run-service.js';
import { catalogue, type Service } from '../src/settings/catalogue.js';

const common: readonly string[] = commonNames;

/** The settings that the documentation says a service reads itself, in the order of the alphabet. */
export function ownSettings(service: Service): string[] {
  return Object.entries(catalogue)
    .filter(([name, { who }]) => who.includes(service) && !common.includes(name))
    .map(([name]) => name)
    .sort();
}
