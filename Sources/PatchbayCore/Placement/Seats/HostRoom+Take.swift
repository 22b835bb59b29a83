extension HostRoom {
    /// A guest sits down. Memory may go below zero: what runs, runs, whatever the books say.
    package mutating func take(_ seat: GuestSeat) {
        dedicated.formUnion(seat.dedicatedCPUs)
        move(seat, by: 1)
    }

    /// A guest has left: everything is as before `take`.
    package mutating func giveBack(_ seat: GuestSeat) {
        dedicated.subtract(seat.dedicatedCPUs)
        move(seat, by: -1)
    }

    /// A guest without a seat.
    package mutating func take(floating needs: GuestNeeds) {
        sharedVCPUs = sharedVCPUs.plus(needs.vcpus)
        floatingMiB = floatingMiB.plus(needs.memoryMiB)
    }

    package mutating func giveBack(floating needs: GuestNeeds) {
        sharedVCPUs = sharedVCPUs.minus(needs.vcpus)
        floatingMiB = floatingMiB.minus(needs.memoryMiB)
    }

    private mutating func move(_ seat: GuestSeat, by sign: Int) {
        for cell in seat.cells {
            moveMemory(of: cell, hugepageKiB: seat.hugepageKiB, by: sign)
            guard !seat.pin.isDedicated else { continue }
            sharedVCPUs = sharedVCPUs.plus(sign * cell.vcpus.count)
            for cpu in cell.cpus {
                let guests = sharing[cpu, default: 0] + sign
                sharing[cpu] = guests == 0 ? nil : guests
            }
        }
    }

    private mutating func moveMemory(of cell: GuestSeat.Cell, hugepageKiB: Int?, by sign: Int) {
        guard let index = place(of: cell.node) else { return }
        if let size = hugepageKiB {
            guard size > 0 else { return }
            let pages = nodes[index].freePages[size] ?? 0
            nodes[index].freePages[size] = pages.minus(sign.times(cell.memoryMiB.times(1024) / size))
        } else if let free = nodes[index].freeMiB {
            nodes[index].freeMiB = free.minus(sign.times(cell.memoryMiB))
        }
    }
}

extension HostRoom {
    /// The same host, were it marked or not.
    package func marked(asPinned isPinned: Bool) -> HostRoom {
        var room = self
        room.isPinned = isPinned
        return room
    }
}
