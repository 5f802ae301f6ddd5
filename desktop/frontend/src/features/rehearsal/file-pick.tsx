import { useRef } from "react";
import { Button } from "@/ui/controls";

/** A button that lets somebody choose a file. */
export function FilePick({ label, accept, onFile, disabled = false }: { label: string; accept: string; onFile: (file: File) => void; disabled?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" isDisabled={disabled} onPress={() => input.current?.click()}>{label}</Button>
      <input ref={input} type="file" accept={accept} className="vh" tabIndex={-1} aria-label={label} onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ""; if (f) onFile(f); }} />
    </>
  );
}
