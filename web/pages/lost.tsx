import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/state-boxes.tsx';

export function LostPage() {
  return (
    <Empty title="There is no such page">
      <Link to="/">Go to the overview</Link>
    </Empty>
  );
}
