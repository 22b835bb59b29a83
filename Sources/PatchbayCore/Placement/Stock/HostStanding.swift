/// A host as it stands: what it has, and what of it can be had now.
package struct HostStanding: Sendable {
    package var shape: HostShape
    /// Units that nothing stands in the way of, whoever holds them.
    package var lendable: UnitSet
    /// Units that claims hold.
    package var held: UnitSet
    package var labels: [String: String]
    /// Why nothing new is placed on it: cordoned, or its agent is away; nil: it is open.
    package var closed: Reason?
    /// CPUs and memory for guests; nil: it does not tell.
    package var room: HostRoom?
    /// What the VM that it is made for knows of the host; nil: it is made for nobody in particular.
    package var past: GuestPast?

    package init(
        shape: HostShape, lendable: UnitSet, held: UnitSet = [], labels: [String: String] = [:], closed: Reason? = nil,
        room: HostRoom? = nil
    ) {
        self.shape = shape
        self.lendable = lendable
        self.held = held
        self.labels = labels
        self.closed = closed
        self.room = room
    }

    package var free: UnitSet {
        let free = lendable.subtracting(held).subtracting(shape.excluded(byHeld: held))
        return past.map { free.subtracting($0.strangeUnits) } ?? free
    }
}
