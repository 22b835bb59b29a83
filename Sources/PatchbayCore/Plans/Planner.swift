/// Turns a wanted change into a plan, or refuses with the evidence. Pure: the same inventory gives the same plan.
package struct Planner: Sendable {
    package var inventory: Inventory
    package var usage: Usage

    package init(inventory: Inventory, usage: Usage) {
        self.inventory = inventory
        self.usage = usage
    }

    package func plan(_ change: Change, id: String) throws(Problem) -> Plan {
        throw Problem(.failed, "The planner is not written yet.")
    }
}

extension Inventory {
    /// The inventory as it should be once `step` has been performed. The simulator of a plan.
    package func after(_ step: Step) -> Inventory { self }

    /// 16 hexadecimal digits over what plans depend on: functions, drivers, overrides, groups, host uses.
    package var digest: String { "" }
}
