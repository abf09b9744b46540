// What every part of the models view is handed.
import type { ModelsView as Asked } from '../../state.ts';
import type { ViewProps } from '../view-props.ts';

export interface ModelsProps extends ViewProps {
  asked: Asked;
}
