/// A process that has a node of a device open, so that its driver cannot let go.
package struct DeviceHolder: Hashable, Codable, Sendable {
    package var pid: Int
    /// `/proc/<pid>/comm`
    package var command: String
    /// What it has open: `/dev/nvidia0`, `/dev/vfio/12`.
    package var node: String
    /// The systemd unit it belongs to: `nvidia-persistenced.service`.
    package var unit: String?
    /// The container it runs in, by what its control group says.
    package var container: String?
    /// The name of the known way to make it let go; nil: none is known.
    package var recipe: String?

    package init(
        pid: Int, command: String, node: String, unit: String? = nil, container: String? = nil, recipe: String? = nil
    ) {
        self.pid = pid
        self.command = command
        self.node = node
        self.unit = unit
        self.container = container
        self.recipe = recipe
    }
}

extension DeviceHolder {
    /// `nvidia-persistenced (pid 812, nvidia-persistenced.service) holds /dev/nvidia0`
    package var sentence: String {
        let home = [unit, container].compactMap { $0 }.map { ", \($0)" }.joined()
        return "\(command) (pid \(pid)\(home)) holds \(node)"
    }

    /// How a person makes it let go: its recipe's steps, or to stop its unit, or to end it.
    package var release: [String] {
        if let known = recipe.flatMap(ReleaseRecipe.named) { return known.steps }
        if let unit, unit.hasSuffix(".service") { return ["systemctl stop \(unit)"] }
        return ["End \(command), process \(pid)."]
    }

    /// The driver cannot let go while this is open. Sound cards disconnect under their users, and `/dev/kfd` is one node
    /// for all cards of AMD: whoever computes on this very card has its render node open as well.
    package var isObstacle: Bool { !node.hasPrefix("/dev/snd/") && node != "/dev/kfd" }
}
