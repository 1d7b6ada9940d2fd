import { openEngine } from '../../tests/submodule-engine.ts';
import { describeConformance } from '../conformance.ts';
import { submodule } from './index.ts';

describeConformance(submodule, openEngine);
