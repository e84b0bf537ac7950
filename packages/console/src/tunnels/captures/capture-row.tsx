import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../../calls/call.ts';
import { sizeOf } from '../../parts/byte-size.ts';
import { fileName } from '../../parts/file-name.ts';
import { Problem } from '../../parts/problem.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { say } from '../../words/said.ts';
import type { Capture } from './capture-order.ts';
import { readWhole, type Progress } from './read-whole.ts';

interface CaptureRowProps {
  readonly capture: Capture;
  readonly where: string;
  readonly onChanged: () => void;
}

/** One capture: how far it is, and its file. */
export function CaptureRow({ capture, where, onChanged }: CaptureRowProps) {
  const { PacketCaptureId, Expression, State, EndReason, Packets, Bytes, DroppedPackets, CreatedTime } = capture;
  const { IncludesKeys } = capture;
  const [problem, setProblem] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const act = async (action: 'StopPacketCapture' | 'DeletePacketCapture') => {
    setAsking(true);
    setProblem(null);
    try {
      await call(action, { PacketCaptureId });
      onChanged();
    } catch (error) {
      setProblem(error);
    }
    setAsking(false);
  };
  const isRunning = State === 'capturing';
  return (
    <tr>
      <td class="number">{CreatedTime}</td>
      <td>
        {where} {IncludesKeys && <span class="mark waiting">{say('capture.hasKeys')}</span>}
      </td>
      <td>
        <code>{Expression}</code>
      </td>
      <td class={isRunning ? 'mark waiting' : ''}>
        {say(EndReason === null ? 'capture.capturing' : `capture.end.${EndReason}`)}
      </td>
      <td class="number">
        {Packets}{' '}
        {DroppedPackets !== null && DroppedPackets > 0 && (
          <span class="mark waiting">{say('capture.dropped', { count: DroppedPackets })}</span>
        )}
      </td>
      <td class="number">{sizeOf(Bytes)}</td>
      <td>
        <p class="row-buttons">
          <DownloadButton capture={capture} onProblem={setProblem} />
          {IncludesKeys && <KeysButton capture={capture} onProblem={setProblem} />}
          {isRunning && (
            <button type="button" disabled={isAsking} onClick={() => void act('StopPacketCapture')}>
              {say('capture.stop')}
            </button>
          )}
          <button type="button" disabled={isAsking} onClick={() => void act('DeletePacketCapture')}>
            {say('capture.delete')}
          </button>
        </p>
        <Problem of={problem} />
      </td>
    </tr>
  );
}

interface DownloadButtonProps {
  readonly capture: Capture;
  readonly onProblem: (problem: unknown) => void;
}

/** Given up with the dialog. */
function DownloadButton({ capture, onProblem }: DownloadButtonProps) {
  const { PacketCaptureId, ResourceId } = capture;
  const [progress, setProgress] = useState<Progress | null>(null);
  const stopped = useRef(new AbortController());
  useEffect(() => () => stopped.current.abort(), []);
  const download = async () => {
    const { signal } = stopped.current;
    onProblem(null);
    setProgress({ done: 0, all: capture.Bytes });
    try {
      const read = (Offset: number) => call('DescribePacketCaptureContent', { PacketCaptureId, Offset }, { signal });
      const parts = await readWhole(read, setProgress);
      saveFile(fileName([ResourceId, PacketCaptureId], 'pcapng'), parts, 'application/x-pcapng');
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    }
    setProgress(null);
  };
  return (
    <button type="button" disabled={progress !== null} onClick={() => void download()}>
      {progress === null
        ? say('capture.download')
        : say('capture.downloading', { done: sizeOf(progress.done), all: sizeOf(progress.all) })}
    </button>
  );
}

/** Into a file at once: nothing here shows them. */
function KeysButton({ capture, onProblem }: DownloadButtonProps) {
  const { PacketCaptureId, ResourceId } = capture;
  const [isAsking, setAsking] = useState(false);
  const save = async () => {
    onProblem(null);
    setAsking(true);
    try {
      const { EspSaTable } = await call('DescribePacketCaptureKeys', { PacketCaptureId });
      saveFile(fileName([ResourceId, PacketCaptureId, 'esp_sa'], 'txt'), [EspSaTable], 'text/plain');
    } catch (error) {
      onProblem(error);
    }
    setAsking(false);
  };
  return (
    <button type="button" disabled={isAsking} onClick={() => void save()}>
      {say('capture.keys')}
    </button>
  );
}
