import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Plans with a seat` {
    private let seat = GuestSeat(
        pin: .core,
        cells: [
            GuestSeat.Cell(node: NUMANode(0), vcpus: [0], memoryMiB: 64, cpus: [0]),
            GuestSeat.Cell(node: NUMANode(1), vcpus: [1], memoryMiB: 64, cpus: [4]),
        ], dedicatedCPUs: [0, 4, 8, 12])

    private func plan(_ seat: GuestSeat?, units: [DeviceUnit] = [], wasSeated: Bool = false) throws -> Plan {
        var inventory = SampleHost.inventory()
        for (address, node) in [(SampleHost.a100, 1), (SampleHost.gpu, 0)] {
            guard let index = inventory.index(of: address) else { continue }
            inventory.functions[index].numaNode = NUMANode(node)
        }
        let domain = Domain(name: "v", uuid: "u", state: .shutOff, isManaged: true, isSeated: wasSeated)
        return try Planner(inventory: inventory, usage: Usage(domains: [domain]))
            .plan(.start(vm: "v", claim: "c", units: units, seat: seat), id: "p")
    }

    @Test(.requirements("O33")) func `tie the guest before it starts, and tell which cell a device is near`() throws {
        let units = [SampleHost.unit(SampleHost.a100), SampleHost.unit(SampleHost.gpu)]
        let plan = try plan(seat, units: units)
        #expect(plan.steps.suffix(2).first.map(\.verb) == "pin" && plan.steps.last == .startVM("v"))
        guard case .seat(_, seat, let devices) = plan.steps.suffix(2).first else {
            Issue.record("no seat in \(plan.steps)")
            return
        }
        #expect(devices.count == 2 && devices[0].contains(SampleHost.gpu) && devices[1].contains(SampleHost.a100))
        #expect(plan.steps.suffix(2).first?.remark == "on 2 NUMA nodes (0, 1), CPUs 0,4, policy core")
        #expect(plan.canBeUndone)
    }

    @Test func `let the guest float again when it has no seat any more`() throws {
        #expect(try plan(nil, wasSeated: true).steps == [.unseat(vm: "v"), .startVM("v")])
        #expect(try plan(nil).steps == [.startVM("v")])
        var single = seat
        single.cells.removeLast()
        #expect(try plan(single, wasSeated: true).steps == [.seat(vm: "v", single, devices: []), .startVM("v")])
        #expect(Step.seat(vm: "v", seat, devices: []).wayBack == .by(.unseat(vm: "v")))
        #expect(Step.unseat(vm: "v").wayBack == .notNeeded)
    }

    @Test(arguments: [([0, 1, 2, 5], "0-2,5"), ([7], "7"), ([], ""), ([1, 3, 4], "1,3-4")] as [([Int], String)])
    func `write CPUs as the kernel does`(_ cpus: [Int], _ text: String) { #expect(cpus.numberList == text) }
}
