import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  Dialog as AriaDialog,
  FieldError,
  Heading,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Menu,
  MenuItem,
  MenuTrigger,
  Modal,
  ModalOverlay,
  NumberField,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
  type ButtonProps as AriaButtonProps,
} from "react-aria-components";
import { Down, Tick } from "./marks";

type Size = "sm" | "md";
/** go: the one filled button of a screen; plain; bare: looks like a link; stop: ends something. */
type Kind = "plain" | "go" | "bare" | "stop";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children"> {
  kind?: Kind;
  size?: Size;
  /** The key that does the same, shown on the button. */
  press?: string;
  children: ReactNode;
}

export function Button({ kind = "plain", size = "md", press, children, ...rest }: ButtonProps) {
  const names = ["btn", kind === "plain" ? "" : kind, size === "sm" ? "sm" : ""].filter(Boolean).join(" ");
  return (
    <AriaButton {...rest} className={names}>
      {children}
      {press && <kbd aria-hidden="true">{press}</kbd>}
    </AriaButton>
  );
}

/** A dialog over a scrim. `foot` holds its buttons; Esc and `onClose` put it away. */
export function Dialog({
  title,
  lede,
  foot,
  onClose,
  wide = false,
  children,
}: {
  title: string;
  lede?: ReactNode;
  foot?: ReactNode;
  onClose: () => void;
  wide?: boolean;
  children?: ReactNode;
}) {
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} isDismissable className="scrim">
      <Modal className={wide ? "modal wide" : "modal"}>
        <AriaDialog className="dlg">
          <Heading slot="title" level={2}>{title}</Heading>
          <div className="dlg-b">
            {lede && <p className="lede">{lede}</p>}
            {children}
          </div>
          {foot && <div className="foot">{foot}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FieldBase {
  label: string;
  /** What is wrong, beside the field. */
  error?: string | undefined;
  hint?: string | undefined;
  required?: boolean;
}

/** A line of text. */
export function Field({
  label, error, hint, required, value, onChange, lines = 1, type = "text", autoFocus, width,
}: FieldBase & { value: string; onChange: (v: string) => void; lines?: number; type?: "text" | "email" | "date" | "time" | "search" | "password"; autoFocus?: boolean; width?: string }) {
  return (
    <TextField className="field" value={value} onChange={onChange} isInvalid={!!error} type={type} autoFocus={autoFocus ?? false} isRequired={required ?? false} validationBehavior="aria" style={width ? { width } : {}}>
      <Label>{label}</Label>
      {lines > 1 ? <TextArea rows={lines} className="inp" /> : <Input className="inp" />}
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="err">{error}</FieldError>
    </TextField>
  );
}

/** A whole number. */
export function NumberBox({ label, error, hint, value, onChange, min = 0, max, unit }: FieldBase & { value: number; onChange: (v: number) => void; min?: number; max?: number; unit?: string }) {
  return (
    <NumberField className="field num-f" value={value} onChange={(v) => onChange(Number.isNaN(v) ? min : v)} minValue={min} {...(max !== undefined ? { maxValue: max } : {})} isInvalid={!!error} formatOptions={{ maximumFractionDigits: 0 }}>
      <Label>{label}</Label>
      <div className="num-r"><Input className="inp" />{unit && <span className="dim">{unit}</span>}</div>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="err">{error}</FieldError>
    </NumberField>
  );
}

/** One of a few. `bare` hides the label from sight, not from a voice. */
export function Choice<K extends string>({
  label, value, onChange, items, error, bare = false, size = "md", width,
}: FieldBase & { value: K; onChange: (k: K) => void; items: readonly { id: K; name: string }[]; bare?: boolean; size?: Size; width?: string }) {
  return (
    <Select className="field" selectedKey={value} onSelectionChange={(k) => k !== null && onChange(k as K)} isInvalid={!!error} {...(bare ? { "aria-label": label } : {})} style={width ? { width } : {}}>
      {!bare && <Label>{label}</Label>}
      <AriaButton className={size === "sm" ? "btn sel sm" : "btn sel"}>
        <SelectValue className="sel-v" />
        <Down />
      </AriaButton>
      <FieldError className="err">{error}</FieldError>
      <Popover className="pop">
        <ListBox className="lb" items={items}>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.name} className="lbi">
              {({ isSelected }) => (<><span className="lbi-t">{isSelected && <Tick />}</span>{item.name}</>)}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** A box to tick. */
export function Check({ label, value, onChange, bare = false }: { label: string; value: boolean; onChange: (v: boolean) => void; bare?: boolean }) {
  return (
    <AriaCheckbox className="chk" isSelected={value} onChange={onChange} {...(bare ? { "aria-label": label } : {})}>
      <span className="chk-b" aria-hidden="true"><svg viewBox="0 0 14 14"><path d="M2.5 7.5l3 3 6-7" /></svg></span>
      {!bare && <span>{label}</span>}
    </AriaCheckbox>
  );
}

/** A button that opens a list of things to do. */
export function ActionMenu({ label, items, size = "md", children }: { label?: string; items: readonly { id: string; name: string; act: () => void; disabled?: boolean }[]; size?: Size; children: ReactNode }) {
  return (
    <MenuTrigger>
      <AriaButton className={size === "sm" ? "btn sm" : "btn"} {...(label ? { "aria-label": label } : {})}>{children}<Down /></AriaButton>
      <Popover className="pop">
        <Menu className="lb" items={items} disabledKeys={items.filter((i) => i.disabled).map((i) => i.id)} onAction={(k) => items.find((i) => i.id === k)?.act()}>
          {(item) => <MenuItem id={item.id} textValue={item.name} className="lbi plain">{item.name}</MenuItem>}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
