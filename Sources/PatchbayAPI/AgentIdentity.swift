/// Which agent it is that calls itself by a host's name.
///
/// Made once and kept in the agent's state folder; a copy of that folder on another machine is another agent.
package struct AgentIdentity: Codable, Hashable, Sendable {
    /// 64 hexadecimal digits: the SHA-256 of the public key that the agent keeps the private one of.
    package var id: String
    /// `/etc/machine-id` of the machine that it was made on, where there is one.
    package var machine: String?

    package init(id: String, machine: String?) {
        self.id = id
        self.machine = machine
    }

    /// Short enough to read, long enough to tell two apart.
    package var short: String { String(id.prefix(8)) }

    /// The agent whose call this task makes or answers; nil: it does not say.
    @TaskLocal package static var current: AgentIdentity?

    package static let idHeader = "patchbay-agent"
    package static let machineHeader = "patchbay-machine"

    /// What came in the headers; nil: none, or not of this form.
    package init?(id: String?, machine: String?) {
        guard let id, id.utf8.count == 64, id.utf8.allSatisfy(Self.isHex) else { return nil }
        let machine = machine.flatMap { $0.utf8.count <= 64 && $0.utf8.allSatisfy(Self.isHex) ? $0 : nil }
        self.init(id: id, machine: machine)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
