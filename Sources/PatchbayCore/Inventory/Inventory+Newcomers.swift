/// What an agent tells of programs that have devices open: neither who looks in for a moment, nor that one started anew.
extension Inventory {
    /// Without the programs that have devices open for the first time: whoever watches the temperature of a card opens it for
    /// a second every minute, and a disk's health is asked for every half hour. A second look tells who stays.
    ///
    /// Nothing is taken from under them meanwhile: right before a write they are looked for again.
    ///
    /// - Parameters:
    ///   - seen: who had devices open at the look before this one.
    ///   - told: what was made of that look. A program that it tells of stays, whichever process it is by now.
    package func withoutNewcomers(since seen: [DeviceKey: [DeviceHolder]], telling told: Inventory) -> Inventory {
        let holders = survey?.holders ?? [:]
        var (stay, passing): (Set<[String]>, Set<[String]>) = ([], [])
        var inventory = self
        for (address, now) in holders {
            let processes = Set(seen[address] ?? [])
            let programs = Set((told.survey?.holders[address] ?? []).map(\.program))
            let left = now.filter { processes.contains($0) || programs.contains($0.program) }
            stay.formUnion(left.map(\.evidence))
            guard left.count < now.count else { continue }
            passing.formUnion(now.map(\.evidence))
            inventory.survey?.holders[address] = left.isEmpty ? nil : left
        }
        passing.subtract(stay)
        if !passing.isEmpty { inventory.forget(passing) }
        return inventory
    }

    /// Whether a report of the one instead of the other would tell anything new. Process ids are not.
    package func isSame(as other: Inventory) -> Bool { withoutProcesses == other.withoutProcesses }

    private var withoutProcesses: Inventory {
        guard let holders = survey?.holders, !holders.isEmpty else { return self }
        var inventory = self
        inventory.survey?.holders = holders.mapValues { list in
            list.map(\.program).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
        return inventory
    }

    private mutating func forget(_ programs: Set<[String]>) {
        for (address, uses) in hostUses where uses.contains(where: { $0.isHold(by: programs) }) {
            let left = uses.filter { !$0.isHold(by: programs) }
            hostUses[address] = left.isEmpty ? nil : left
        }
    }
}

extension HostUse {
    /// Also of the function that makes the PCI domain of what is held.
    fileprivate func isHold(by programs: Set<[String]>) -> Bool {
        guard reason == .holder || reason == .childDomain, severity == .inUse else { return false }
        return programs.contains(Array(chain.prefix(2)))
    }
}

extension DeviceHolder {
    /// The same, whichever process it is.
    package var program: DeviceHolder {
        var program = self
        program.pid = 0
        return program
    }

    /// How the chain of its use begins.
    fileprivate var evidence: [String] { [process.words, node] }

    /// An order that stays the same when programs start anew.
    package func precedes(_ other: DeviceHolder) -> Bool {
        let (own, others) = (evidence, other.evidence)
        return own == others ? pid < other.pid : own.lexicographicallyPrecedes(others)
    }
}
