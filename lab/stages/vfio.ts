// SPDX-License-Identifier: Apache-2.0
//
// The manager of this issue gives no devices to machines yet: the stage shows that the image and the PC can, with a script
// that does by hand what it will do.
import { spares } from '../pc/spare-arguments.ts';
import { must } from './expect.ts';
import { whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import type { Stage } from './stage.ts';

// driver_override names the one driver that may have this device, whatever its identifiers are.
const bind = (id: string): string => `
set -e
modprobe vfio-pci
for device in /sys/bus/pci/devices/*; do
  [ "$(cat $device/vendor):$(cat $device/device)" = "0x${id.replace(':', ':0x')}" ] || continue
  case $(readlink -f $device) in */*:*:*.*/*:*:*.*) ;; *) continue ;; esac
  address=\${device##*/}
  group=$(basename $(readlink $device/iommu_group))
  [ $(ls /sys/kernel/iommu_groups/$group/devices | wc -l) = 1 ] || { echo "not alone in group $group"; exit 1; }
  echo vfio-pci >$device/driver_override
  [ ! -e $device/driver ] || echo $address >$device/driver/unbind
  echo $address >/sys/bus/pci/drivers_probe
  [ "$(basename $(readlink $device/driver))" = vfio-pci ] || { echo "$address was not bound"; exit 1; }
  echo "$address $group"
  exit
done
echo "there is no ${id} behind a port of its own"
exit 1
`;

// The nested guest says on its serial port which PCI devices it sees.
const nested = (address: string, seconds: number): string => `
cd /var/lib/phyllome/.cache/phyllome/tiny-*
rm -f /run/lab/nested.log
timeout ${seconds} qemu-system-x86_64 -nodefaults -display none -machine q35,accel=kvm -cpu host -m 256 \\
  -kernel kernel -initrd initrd -append 'console=ttyS0 quiet' \\
  -device vfio-pci,host=${address} -serial unix:/run/lab/nested.sock,server=on,wait=off \\
  >/run/lab/nested.err 2>&1 &
qemu=$!
/usr/lib/phyllome/bin/node -e "
  const { connect } = require('node:net');
  let text = '', asked = false;
  const begin = () => {
    const socket = connect('/run/lab/nested.sock');
    socket.on('error', () => setTimeout(begin, 200));
    socket.on('data', (bytes) => {
      text += bytes;
      if (!asked && text.includes('phyllome-tiny: ready')) {
        asked = true;
        socket.write('for d in /sys/bus/pci/devices/*; do echo dev=\\$(cat \\$d/vendor):\\$(cat \\$d/device); done; echo all-\\$((6*7))\\\\n');
      }
      if (text.includes('all-42')) { console.log(text); process.exit(0); }
    });
  };
  begin();
  setTimeout(() => { console.log(text); process.exit(1); }, ${seconds * 1000});
"
result=$?
kill $qemu
cat /run/lab/nested.err
exit $result
`;

export const vfio: Stage = {
  name: 'vfio',
  shows:
    'spare PCI devices, and a virtual function (SR-IOV) of one, are alone in their IOMMU groups, are given to vfio-pci and appear in a nested guest under KVM',
  images: [{ edition: 'headless' }],
  after: ['tiny'],
  seconds: 240,
  async run(context) {
    await using pc = await startSystem(context, { spares: true, disks: [await tinyDisk(context)] });
    const guest = await whenUp(pc);
    await bringTiny(guest);
    const give = async (id: string, what: string): Promise<string> => {
      const [address = '', group = ''] =
        (await guest.sh(bind(id))).trim().split('\n').at(-1)?.split(' ') ?? [];
      context.say(`${what}: ${address}, alone in group ${group}, bound to vfio-pci`);
      const seen = await guest.sh(nested(address, 180), 240);
      must(
        seen.includes(`dev=0x${id.replace(':', ':0x')}`),
        `the nested guest sees the ${what}`,
        seen.slice(-1500),
      );
      return `${id} ${address} group ${group}`;
    };
    // First a part of the network card, which the host itself keeps, then whole devices.
    await guest.sh(divide(spares.nic.id), 60);
    const given = [await give(nicFunction, 'virtual function of the network card')];
    for (const { id, what } of Object.values(spares)) given.push(await give(id, what));
    await pc.powerOff();
    return { given };
  },
};

// What the virtual functions of an igb are (82576).
const nicFunction = '8086:10ca';

const divide = (id: string): string => `
for total in /sys/bus/pci/devices/*/sriov_totalvfs; do
  device=\${total%/sriov_totalvfs}
  [ "$(cat $device/vendor):$(cat $device/device)" = "0x${id.replace(':', ':0x')}" ] || continue
  echo 2 >$device/sriov_numvfs
  [ $(ls -d $device/virtfn* | wc -l) = 2 ] && exit
done
exit 1
`;
