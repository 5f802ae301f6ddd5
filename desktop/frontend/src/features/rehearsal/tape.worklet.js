// Runs beside the sound hardware: hands every tenth of a second on as 16-bit samples, with its strength and its peak.
class Tape extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate / 10);
    this.frame = new Int16Array(this.size);
    this.at = this.squares = this.peak = 0;
  }
  process([channels]) {
    const samples = channels[0];
    if (!samples) return true;
    for (const x of samples) {
      const held = Math.max(-1, Math.min(1, x));
      this.frame[this.at++] = Math.round(held * 32767);
      this.squares += held * held;
      this.peak = Math.max(this.peak, Math.abs(held));
      if (this.at < this.size) continue;
      this.port.postMessage({ pcm: this.frame, rms: Math.sqrt(this.squares / this.size), peak: this.peak }, [this.frame.buffer]);
      this.frame = new Int16Array(this.size);
      this.at = this.squares = this.peak = 0;
    }
    return true;
  }
}
registerProcessor("tandem-tape", Tape);
