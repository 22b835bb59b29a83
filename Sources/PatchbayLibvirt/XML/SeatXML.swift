import PatchbayCore

/// The parts of a domain's XML that tie a guest to its seat.
///
/// Format: libvirt.org, "Domain XML format": CPU tuning, NUMA node tuning, memory backing, guest NUMA topology.
struct SeatXML {
    let seat: GuestSeat

    init(_ seat: GuestSeat) { self.seat = seat }

    /// `<cputune>`: one CPU for each virtual one where they are the guest's own, otherwise all of its cell. The emulator's own
    /// threads run on the guest's CPUs: they are no other guest's. Empty for a guest whose CPUs float.
    var pins: String {
        let pins = seat.cells.flatMap { cell in
            cell.vcpus.enumerated().compactMap { index, vcpu -> String? in
                guard !cell.cpus.isEmpty else { return nil }
                let cpus = seat.pin.isDedicated ? "\(cell.cpus[index])" : cell.cpus.numberList
                return "<vcpupin vcpu='\(vcpu)' cpuset='\(cpus)'/>"
            }
        }
        guard !pins.isEmpty else { return "" }
        let all = Set(seat.cells.flatMap(\.cpus)).sorted().numberList
        return pins.joined() + "<emulatorpin cpuset='\(all)'/>"
    }

    /// `<numatune>`: strict, because memory from elsewhere would break the promise without a word.
    var memory: String {
        let nodes = seat.cells.map(\.node.rawValue).sorted().numberList
        let cells = seat.cells.enumerated().map { id, cell in
            "<memnode cellid='\(id)' mode='strict' nodeset='\(cell.node)'/>"
        }
        return "<memory mode='strict' nodeset='\(nodes)'/>" + cells.joined()
    }

    /// `<memoryBacking>`; here `nodeset` means cells of the guest. Empty for ordinary pages.
    var hugepages: String {
        guard let size = seat.hugepageKiB else { return "" }
        let cells = Array(seat.cells.indices).numberList
        return "<hugepages><page size='\(size)' unit='KiB' nodeset='\(cells)'/></hugepages>"
    }

    /// `<cpu><numa>`
    var cells: String {
        let cells = seat.cells.enumerated().map { id, cell in
            "<cell id='\(id)' cpus='\(cell.vcpus.numberList)' memory='\(cell.memoryMiB * 1024)' unit='KiB'/>"
        }
        return "<numa>\(cells.joined())</numa>"
    }

    /// `<cpu><topology>`: a socket for each cell, siblings where the seat has some. Empty where cells are uneven: the guest
    /// then has a socket for each virtual CPU, as libvirt does without being told.
    var topology: String {
        let counts = seat.cells.map(\.vcpus.count)
        guard let count = counts.first, counts.allSatisfy({ $0 == count }), count % seat.threads == 0 else { return "" }
        return "<topology sockets='\(counts.count)' cores='\(count / seat.threads)' threads='\(seat.threads)'/>"
    }
}
