import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `NUMA nodes for a guest's cells` {
    private func nodes(_ numbers: [Int]) -> [NUMANode] { numbers.map { NUMANode($0) } }

    private func choices(_ needs: GuestNeeds, _ room: HostRoom, near devices: [Int: Int]) -> [[Int]] {
        let devices = Dictionary(uniqueKeysWithValues: devices.map { (NUMANode($0.key), $0.value) })
        return room.nodeChoices(needs, near: devices).map { $0.map(\.rawValue) }
    }

    @Test(.requirements("O33", "N50"))
    func `are those of its devices first, then those of their socket, then the nearest`() {
        let room = SeatHost.room(SeatHost.platform(nodes: 4, perSocket: 2))
        let needs = GuestNeeds(vcpus: 2, memoryMiB: 64, pin: .core)
        #expect(choices(needs, room, near: [3: 1]).prefix(4) == [[3], [2], [0], [1]])
        #expect(choices(needs, room, near: [0: 1, 2: 4, 3: 1]).prefix(4) == [[2], [3], [0], [1]])
        #expect(choices(needs, room, near: [:]).prefix(4) == [[0], [1], [2], [3]])
        var pair = needs
        pair.cells = 2
        #expect(choices(pair, room, near: [3: 1]) == [[2, 3], [0, 3], [1, 3], [0, 2], [1, 2], [0, 1]])
        #expect(choices(pair, room, near: [1: 4, 2: 4]).first == [1, 2], "devices before a common socket")
    }

    @Test(.requirements("O33")) func `are without those that have no room left, the devices' own too`() throws {
        var room = SeatHost.room(SeatHost.platform(nodes: 4, perSocket: 2))
        room.take(try #require(room.seat(GuestNeeds(vcpus: 4, memoryMiB: 64, pin: .core), on: nodes([3]))))
        let needs = GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .core)
        #expect(choices(needs, room, near: [3: 8]) == [[2], [0], [1]], "the socket of the devices")
        let large = GuestNeeds(vcpus: 6, memoryMiB: 64, pin: .core)
        #expect(
            choices(large, room, near: [3: 8]) == [[0, 2], [1, 2], [0, 1], [0, 1, 2]], "as few as possible first")
    }

    @Test func `near a GPU that is memory of its own are those that the kernel calls near`() {
        var platform = SeatHost.platform(nodes: 2)
        for index in 0..<2 { platform.numaCells[index].distances += [index == 0 ? 120 : 80] }
        platform.numaCells.append(NUMACell(node: NUMANode(2), memoryMiB: 98304, distances: [120, 80, 10]))
        let needs = GuestNeeds(vcpus: 1, memoryMiB: 64, pin: .shared, cells: 1)
        #expect(choices(needs, SeatHost.room(platform), near: [2: 1]) == [[1], [0]])
    }

    /// Nova, "Attaching physical PCI devices to guests": two sockets of two nodes each, the device on node 0, a guest of
    /// two NUMA nodes with policy `socket`.
    @Test(.requirements("N57"))
    func `are on the socket of a device as its processor package says, not as node numbers do`() {
        let room = SeatHost.room(SeatHost.platform(nodes: 4, perSocket: 2))
        let device = room.sockets(of: nodes([0]))
        #expect(device == [0] && room.sockets(of: nodes([2, 3])) == [1] && room.sockets(of: nodes([1, 2])) == [0, 1])
        let needs = GuestNeeds(vcpus: 2, memoryMiB: 64, pin: .core, cells: 2)
        let accepted = choices(needs, room, near: [0: 1]).filter { set in
            !Set(room.sockets(of: nodes(set))).isDisjoint(with: device)
        }
        #expect(Set(accepted) == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3]])
        #expect(accepted.first == [0, 1], "the device's own node and its neighbour")
    }

    @Test(.requirements("N58")) func `are refused to policy socket when only far ones are free`() throws {
        var room = SeatHost.room(SeatHost.platform(nodes: 4, perSocket: 2))
        let full = GuestNeeds(vcpus: 8, memoryMiB: 64, pin: .core)
        room.take(try #require(room.seat(full, on: nodes([0, 1]))))
        let needs = GuestNeeds(vcpus: 2, memoryMiB: 64, pin: .core, cells: 2)
        #expect(choices(needs, room, near: [0: 1]) == [[2, 3]])
        #expect(
            room.sockets(of: nodes([2, 3])) == [1] && room.sockets(of: nodes([0])) == [0], "so the VM does not boot")
    }
}
