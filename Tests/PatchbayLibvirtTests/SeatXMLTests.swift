import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayLibvirt

@Suite struct `The XML of a seat` {
    static let devices = [[PCIAddress(domain: 0, bus: 0x41, slot: 0, function: 0)!], Self.far]
    static let far = (0..<2).map { PCIAddress(domain: 0, bus: 0xc1, slot: 0, function: $0)! }

    private static func cell(_ node: Int, _ vcpus: [Int], _ memoryMiB: Int, _ cpus: [Int]) -> GuestSeat.Cell {
        GuestSeat.Cell(node: NUMANode(node), vcpus: vcpus, memoryMiB: memoryMiB, cpus: cpus)
    }

    static let seats: [GuestSeat] = [
        GuestSeat(pin: .core, cells: [cell(0, [0, 1], 2048, [2, 3])], dedicatedCPUs: [2, 3, 10, 11]),
        GuestSeat(
            pin: .thread, hugepageKiB: 1 << 20,
            cells: [cell(1, [0, 1, 2, 3], 4096, [4, 12, 5, 13]), cell(3, [4, 5, 6, 7], 4096, [8, 16, 9, 17])],
            dedicatedCPUs: [4, 5, 8, 9, 12, 13, 16, 17], threads: 2),
        GuestSeat(
            pin: .shared, cells: [cell(0, [0, 1], 1025, [0, 1, 2, 3, 8]), cell(1, [2], 1024, [4, 5, 6, 7, 12])]),
        GuestSeat(pin: .none, hugepageKiB: 2048, cells: [cell(2, [0], 64, [])]),
    ]

    /// As a managed VM of that size, with devices already in it.
    private func definition(_ seat: GuestSeat, on type: String = "kvm") throws -> DomainDefinition {
        let spec = GuestSpec(
            name: "vm", vcpus: seat.cells.flatMap(\.vcpus).count, memoryMiB: seat.cells.reduce(0) { $0 + $1.memoryMiB },
            boot: .disk(path: "/images/a.qcow2", format: "qcow2"))
        var definition = try DomainDefinition(GuestXML(spec, on: Fixture.platform(type), logFolder: "/logs").text)
        try definition.plug(Self.devices.flatMap(\.self).map(\.key))
        return definition
    }

    @Test(
        .enabled(if: Xmllint.hasSchema, "libvirt's schema or xmllint is missing: apt install libvirt0 libxml2-utils"),
        arguments: seats)
    func `is valid, replaces another, and goes away without a trace`(_ seat: GuestSeat) async throws {
        for type in ["kvm", "qemu"] {
            let before = try definition(seat, on: type)
            var after = before
            try after.seat(seat, devices: Self.devices)
            let complaint = try await Xmllint.complaint(about: after.xml)
            #expect(complaint == nil, "\(complaint ?? "")\n\(after.xml)")
            #expect(after.isSeated && !before.isSeated && after.hostDevices == before.hostDevices)
            var again = before
            for other in Self.seats { try again.seat(other, devices: Self.devices) }
            try again.seat(seat, devices: Self.devices)
            #expect(try await Xmllint.canonical(again.xml) == Xmllint.canonical(after.xml))
            try after.unseat()
            #expect(!after.isSeated)
            #expect(try await Xmllint.canonical(after.xml) == Xmllint.canonical(before.xml))
        }
    }

    @Test(.requirements("OX5", "O35"), arguments: seats)
    func `is what the seat says, to the KiB`(_ seat: GuestSeat) throws {
        var definition = try definition(seat)
        try definition.seat(seat, devices: [])
        let domain = definition.domain
        let cells = try #require(domain.first("cpu")?.first("numa")).elements("cell")
        #expect(cells.map { $0["memory"] } == seat.cells.map { "\($0.memoryMiB * 1024)" })
        #expect(cells.map { $0["cpus"] } == seat.cells.map { $0.vcpus.numberList })
        let inAll = cells.compactMap { $0["memory"].flatMap { Int($0) } }.reduce(0, +)
        #expect(inAll == domain.first("memory").flatMap { Int($0.text) }.map { $0 * 1024 })
        let memory = try #require(domain.first("numatune"))
        #expect(memory.elements("memnode").map { $0["nodeset"] } == seat.cells.map { $0.node.description })
        #expect(memory.children.allSatisfy { $0["mode"] == "strict" })
        let pins = domain.first("cputune")?.elements("vcpupin").map { $0["cpuset"] } ?? []
        switch seat.pin {
        case .none: #expect(pins.isEmpty)
        case .shared: #expect(pins == ["0-3,8", "0-3,8", "4-7,12"])
        case .thread, .core: #expect(pins == seat.cells.flatMap(\.cpus).map { "\($0)" })
        }
        let page = domain.first("memoryBacking")?.first("hugepages")?.first("page")
        #expect(page?["size"] == seat.hugepageKiB.map { "\($0)" })
        #expect(domain.first("vcpu")?["placement"] == "static")
    }

    @Test(.requirements("O35")) func `gives the guest a socket a cell and siblings where the seat has some`() throws {
        let topologies = try Self.seats.map { seat in
            var definition = try definition(seat)
            try definition.seat(seat, devices: [])
            let topology = definition.domain.first("cpu")?.first("topology")
            return ["sockets", "cores", "threads"].compactMap { topology?[$0] }
        }
        #expect(
            topologies == [["1", "2", "1"], ["2", "2", "2"], [], ["1", "1", "1"]], "none where cells are uneven")
    }

    @Test(.requirements("O33")) func `puts each device on a bus of its own cell`() throws {
        var definition = try definition(Self.seats[1])
        try definition.seat(Self.seats[1], devices: Self.devices)
        let devices = try #require(definition.domain.first("devices"))
        let controllers = devices.elements("controller").filter { $0["type"] == "pci" }
        let buses = controllers.filter { $0["model"] == "pcie-expander-bus" }
        #expect(buses.map { $0.first("target")?.first("node")?.text } == ["0", "1"])
        #expect(buses.map { $0.first("target")?["busNr"] } == ["253", "248"])
        func place(_ element: XMLTree) -> String? { element.first("address")?["bus"] }
        let cells = devices.elements("hostdev").map { device in
            let port = controllers.first {
                $0["index"].flatMap { Int($0) } == place(device).flatMap { Int($0.dropFirst(2), radix: 16) }
            }
            let bus = controllers.first { controller in
                controller["index"].flatMap { Int($0) }
                    == port.flatMap(place).flatMap { Int($0.dropFirst(2), radix: 16) }
            }
            return bus?.first("target")?.first("node")?.text
        }
        #expect(cells == ["0", "1", "1"])
    }

    @Test func `leaves devices where they are for machines that have no such buses`() throws {
        var definition = try definition(Self.seats[1])
        definition = try DomainDefinition(definition.xml.replacing("machine='q35'", with: "machine='pc'"))
        try definition.seat(Self.seats[1], devices: Self.devices)
        #expect(definition.domain.first("devices")?.elements("controller").contains { $0["type"] == "pci" } == false)
    }

    @Test func `is not put into a definition of somebody else's`() throws {
        var definition = try DomainDefinition("<domain type='kvm'><name>a</name><numatune/></domain>")
        let before = definition.xml
        let problem = #expect(throws: Problem.self) { try definition.seat(Self.seats[0], devices: []) }
        #expect(problem?.code == .wrongState && !definition.isSeated)
        try definition.unseat()
        #expect(definition.xml == before)
    }

    @Test func `leaves what else is in the same elements`() throws {
        let mark = "<patchbay:guest xmlns:patchbay='\(GuestXML.mark.namespace)'/>"
        var definition = try DomainDefinition(
            "<domain type='kvm'><name>a</name><metadata>\(mark)</metadata><cputune><shares>9</shares></cputune>"
                + "<memoryBacking><locked/></memoryBacking><cpu mode='host-model'/></domain>")
        try definition.seat(Self.seats[1], devices: Self.devices)
        try definition.unseat()
        #expect(definition.domain.first("cputune")?.children.map(\.name) == ["shares"])
        #expect(definition.domain.first("memoryBacking")?.children.map(\.name) == ["locked"])
        #expect(definition.domain.first("cpu")?["mode"] == "host-model")
    }
}
