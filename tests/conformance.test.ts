/** Every submodule against the shared suite. */
import { describeConformance } from '@apiary/submodules/conformance.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { openEngine } from './submodule-engine.ts';

for (const submodule of submodules) describeConformance(submodule, openEngine);
