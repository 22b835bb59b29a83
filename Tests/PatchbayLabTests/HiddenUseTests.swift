import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// Uses that no table of the host's own shows, on a real kernel: each is refused with its evidence, and free again when it is over.
extension `The emulated lab` {
    @Test func `a disk that is mounted between a plan and its writes stops the plan, and the chain is told`()
        async throws
    {
        let session = try session
        let (vm, lent) = ("between", "sparenvme")
        let own = try await session.driver(lent)
        try await withVM(vm, lending: [lent]) {
            try await stopAgent()
            let started: API.Change
            do {
                started = try await session.service.startVM(vm, dryRun: false)
                try await shell("save; mkfs.ext4 -q $disk; mkdir -p /mnt/between; mount $disk /mnt/between")
            } catch {
                try await continueAgent()
                throw error
            }
            try await continueAgent()
            let plan = try #require(started.plans.first)
            let over = try await PlanObservation(service: session.service).end(of: plan.id, within: .seconds(180))
            let told = over.problem.map { ([$0.detail] + $0.evidence).joined(separator: "\n") } ?? ""
            #expect(over.phase != "applied" && told.contains("/mnt/between"), "\(over.phase): \(told)")
            #expect(try await session.driver(lent) == own)
            try await shell("umount /mnt/between; restore")
        }
    }

    @Test
    func `private mounts, moved interfaces, open VFIO groups, exports, tunnels, write-back and macvlans are refused`()
        async throws
    {
        let ids = ["sparenvme", "lan1", "accelerator1", "usb"]
        let result = await Task { () async throws in
            try await shell(Self.hiddenUses)
            let first = try await inspected(ids)
            try expect(first, "sparenvme", tells: ["/mnt/private"])
            try expect(first, "lan1", tells: ["namespace"])
            try expect(first, "accelerator1", tells: ["sleep"])
            try expect(first, "usb", tells: ["LIO", "iblock", "target"])
            try await shell(Self.otherUses)
            let second = try await inspected(ids)
            try expect(second, "sparenvme", tells: ["zram0"])
            try expect(second, "lan1", tells: ["wg0"])
            try await shell(Self.guestInterface)
            try expect(try await inspected(["lan1"]), "lan1", tells: ["guest0"])
        }.result
        try await shell(Self.ends)
        try result.get()
        let after = try await inspected(ids)
        for id in ["sparenvme", "lan1", "accelerator1"] {
            #expect(after[id]?.state == .free, "\(after[id]?.reason ?? id)")
        }
    }

    // MARK: What is done in the host

    /// A mount in a namespace of a program's own, an interface in another network, a group that a program has open, an exported stick.
    private static let hiddenUses = """
        save
        mkfs.ext4 -q $disk
        mkdir -p /mnt/private
        setsid unshare -m --propagation private sh -c 'mount "$0" /mnt/private && exec sleep 3600' $disk </dev/null >/dev/null 2>&1 &
        echo $! >/run/mounter.pid
        until grep -qs /mnt/private /proc/$(cat /run/mounter.pid)/mountinfo; do sleep 0.1; done
        ip netns add away
        ip link set $(ls $functions/$lan1/net) netns away
        modprobe vfio-pci
        echo vfio-pci >$functions/$accelerator1/driver_override
        echo $accelerator1 >/sys/bus/pci/drivers_probe
        group=$(basename $(readlink $functions/$accelerator1/iommu_group))
        setsid sh -c 'exec 3<>/dev/vfio/$0; exec sleep 3600' $group </dev/null >/dev/null 2>&1 &
        echo $! >/run/opener.pid
        until [ "$(readlink /proc/$(cat /run/opener.pid)/fd/3)" = /dev/vfio/$group ]; do sleep 0.1; done
        modprobe target_core_iblock
        mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
        stick=/dev/$(basename $(find $functions/$usb/ -path '*/block/sd?' | head -n 1))
        mkdir -p $lio
        echo udev_path=$stick >$lio/control
        echo $stick >$lio/udev_path
        echo 1 >$lio/enable
        """

    /// The disk as what zram writes back to, and a default route through a tunnel while the interface has a link.
    private static let otherUses = """
        endMount
        ip netns del away
        until nic=$(ls $functions/$lan1/net 2>/dev/null) && [ -n "$nic" ]; do sleep 0.1; done
        ip link set $nic up
        modprobe wireguard
        ip link add wg0 type wireguard
        ip link set wg0 up
        ip route add default dev wg0 metric 5
        modprobe zram
        until echo $disk >/sys/block/zram0/backing_dev; do sleep 0.1; done
        echo 32M >/sys/block/zram0/disksize
        mkswap /dev/zram0 >/dev/null
        swapon /dev/zram0
        """

    /// An interface in another network that stands on one without an address here.
    private static let guestInterface = """
        ip link del wg0
        ip netns add away
        ip link add guest0 link $(ls $functions/$lan1/net) type macvlan mode bridge
        ip link set guest0 netns away
        """

    /// Whatever of it there is.
    private static let ends = """
        set +e
        swapoff /dev/zram0
        [ -e /sys/block/zram0 ] && echo 1 >/sys/block/zram0/reset
        modprobe -r zram
        ip link del wg0
        endMount
        [ -e /run/netns/away ] && ip netns del away
        mountpoint -q /run/netns && umount /run/netns
        until nic=$(ls $functions/$lan1/net 2>/dev/null) && [ -n "$nic" ]; do sleep 0.1; done
        ip link set $nic down
        rmdir $lio $(dirname $lio)
        [ -e /run/opener.pid ] && kill $(cat /run/opener.pid)
        rm -f /run/opener.pid
        echo >$functions/$accelerator1/driver_override
        [ -e $functions/$accelerator1/driver ] && echo $accelerator1 >$functions/$accelerator1/driver/unbind
        restore
        """

    /// Runs a script that knows the devices by their ids, `disk` by its node, and how the disk's content is kept and put back.
    private func shell(_ script: String) async throws {
        let session = try session
        let names = try ["sparenvme", "lan1", "accelerator1", "usb"].map { "\($0)=\(try session.address($0))" }
        // A namespace that several controllers share is listed as nvmeXcYnZ and is a device as nvmeXnZ.
        let head = """
            set -e
            exec 2>&1
            \(names.joined(separator: "\n"))
            functions=/sys/bus/pci/devices
            lio=/sys/kernel/config/target/core/iblock_0/stick
            for n in $functions/$sparenvme/nvme/nvme*/nvme*n*; do disk=/dev/$(basename $n | sed 's/c[0-9]*n/n/'); done
            save() { dd if=$disk of=/tmp/spare bs=1M status=none; }
            restore() {
                [ -e /tmp/spare ] || return 0
                until dd if=/tmp/spare of=$disk bs=1M conv=fsync,nocreat status=none; do sleep 0.1; done
                rm /tmp/spare
            }
            endMount() {
                [ -e /run/mounter.pid ] || return 0
                kill $(cat /run/mounter.pid)
                rm /run/mounter.pid
            }
            """
        _ = try await session.host.shell("\(head)\n\(script)\ntrue", limit: .seconds(240))
    }

    // MARK: What the host's own reading says

    private struct Inspected: Decodable { var devices: [API.Device] }

    private func inspected(_ ids: [String]) async throws -> [String: API.Device] {
        let session = try session
        _ = try await session.host.shell(
            "\(LabHost.program) host inspect -o json >/share/uses.json", limit: .seconds(240))
        let bytes = try #require(FileManager.default.contents(atPath: "\(session.host.files.share)/uses.json"))
        let devices = try JSONDecoder().decode(Inspected.self, from: bytes).devices
        var found: [String: API.Device] = [:]
        for id in ids {
            let address = try session.address(id).description
            found[id] = devices.first { $0.address == address }
        }
        return found
    }

    /// - Parameter words: one of them is in the evidence.
    private func expect(_ devices: [String: API.Device], _ id: String, tells words: [String]) throws {
        let device = try #require(devices[id])
        let told = ([device.reason] + device.hostUses.flatMap(\.chain)).joined(separator: "\n")
        #expect(device.state != .free, "\(id): \(told)")
        #expect(words.contains { told.localizedCaseInsensitiveContains($0) }, "\(id): \(told)")
    }
}
