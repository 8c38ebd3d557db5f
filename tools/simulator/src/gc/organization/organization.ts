import { gcConfigurationSchema, type GcConfiguration } from './configuration.js';

/** The organization's present configuration; replaced as a whole. */
export class Organization {
  readonly id = 'a0b1c2d3-e4f5-4a6b-8c7d-8e9fa0b1c2d3';
  #configuration: GcConfiguration;

  constructor(configuration: GcConfiguration) {
    this.#configuration = gcConfigurationSchema.parse(configuration);
  }

  get configuration(): GcConfiguration {
    return this.#configuration;
  }

  /** @throws ZodError when it isn't a configuration */
  configure(configuration: unknown): void {
    this.#configuration = gcConfigurationSchema.parse(configuration);
  }
}
