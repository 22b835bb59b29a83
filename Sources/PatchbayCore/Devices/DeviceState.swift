/// What a device is good for right now. Derived from inventory, bindings and allocations; never stored.
package enum DeviceState: String, Codable, Sendable, CaseIterable {
    case free, allocated, attached, host, blocked, missing, quarantined
}
