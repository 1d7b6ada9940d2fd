/** Says on every page, also before the log-in, that what is shown are recordings. */
export const is_demo = document.querySelector<HTMLMetaElement>('meta[name="demo"]')?.content === 'true';

export function DemoBand() {
  if (!is_demo) return null;
  return (
    <div className="demo-band" role="note">
      <strong>Demonstration:</strong> recordings replayed, times moved
    </div>
  );
}
