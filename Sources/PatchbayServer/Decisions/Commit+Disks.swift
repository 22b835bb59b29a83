import PatchbayCore
import PatchbayStore

extension Commit {
    /// From its start on a VM knows the devices it has, and writes on its disks: what lies on them is its own then, and no other
    /// VM's any more. Disks are kept again when it gives them back, for VMs that an earlier version started.
    ///
    /// - Parameter units: what the VM runs with now; empty: that is as it was.
    mutating func noteDevices(of claim: Claim, knowing units: [AllocatedUnit], in fleet: Fleet) throws(Problem) {
        guard let name = claim.owner.vm, let host = claim.host, let state = fleet.hosts[host] else { return }
        let lent = claim.units.flatMap(\.unit.members).filter { state.inventory?[$0]?.isDisk ?? false }
            .compactMap { state.allocations[$0]?.identity ?? state.identity(of: $0) }
        let others = lent.isEmpty ? [] : fleet.vms.filter { $0.value.value.host == host && $0.key != name }
        for (_, kept) in others.sorted(by: { $0.key < $1.key }) {
            var vm = kept.value
            vm.disks.removeAll { disk in lent.contains { disk.isSameDisk(as: $0) } }
            try put(vm, insteadOf: kept.value, in: fleet)
        }
        guard let kept = fleet.vms[name] else { return }
        var vm = kept.value
        vm.disks.removeAll { disk in lent.contains { disk.isSameDisk(as: $0) } }
        vm.disks += lent
        vm.remember(state.known(from: units))
        try put(vm, insteadOf: kept.value, in: fleet)
    }

    /// The host uses a disk: what lies on it from now on is the host's.
    mutating func forgetDisks(usedBy inventory: Inventory, on host: String, in fleet: Fleet) throws(Problem) {
        guard let written = fleet.hosts[host]?.written, !written.isEmpty else { return }
        let used = inventory.hostUses.filter { $0.value.contains(where: \.isStorageInUse) }.keys
            .compactMap { inventory.identity(of: $0) }
        guard !used.isEmpty else { return }
        for name in written.keys.sorted() {
            guard let kept = fleet.vms[name] else { continue }
            var vm = kept.value
            vm.disks.removeAll { disk in used.contains { disk.isSameDisk(as: $0) } }
            try put(vm, insteadOf: kept.value, in: fleet)
        }
    }

    private mutating func put(_ vm: VM, insteadOf before: VM, in fleet: Fleet) throws(Problem) {
        guard vm != before else { return }
        require(unchanged: StateKey.vm(vm.name), in: fleet)
        try put(StateKey.vm(vm.name), vm)
    }
}
