import { describeKinds } from '../kinds.ts';
import { submodule } from './index.ts';

describeKinds(submodule);
