import { useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useApi } from './session.ts';
import { chooseStore, forgetStore } from './store-choice.ts';

/** Another store is another set of records: nothing of the one before may be seen among them. */
export function goToStore(storeId: number): void {
  chooseStore(storeId);
  location.assign(import.meta.env.BASE_URL);
}

/** Leaving on purpose leaves nothing behind for the next person at this desk, in storage or in memory. */
export function useSignOut(): () => void {
  const { trpc } = useApi();
  const { drafts } = useUi();
  const { mutate } = useMutation(
    trpc.access.signOut.mutationOptions({
      onSuccess: () => {
        drafts.clear();
        forgetStore();
        location.replace(import.meta.env.BASE_URL);
      },
    }),
  );
  return () => mutate();
}
