/** How far an attack or incident got, as a ladder of six steps with its name. */
import { stageRank, stages } from '@apiary/model/taxonomy.ts';

export function StageMark({ stage }: { stage: string }) {
  const rank = stageRank(stage);
  return (
    <span className="stage" title={stages[rank]?.meaning}>
      <span className="stage-steps" data-rank={rank} aria-hidden="true">
        {stages.map(({ name }, index) => (
          <i key={name} data-reached={index <= rank || undefined} />
        ))}
      </span>{' '}
      <span className="nowrap">{stage}</span>
    </span>
  );
}
