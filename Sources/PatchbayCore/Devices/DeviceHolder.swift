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

/// A process of a host as it is named in evidence.
package struct HostProcess: Hashable, Codable, Sendable {
    package var pid: Int
    /// `/proc/<pid>/comm`
    package var command: String
    package var unit: String?
    package var container: String?

    package init(pid: Int, command: String, unit: String? = nil, container: String? = nil) {
        self.pid = pid
        self.command = command
        self.unit = unit
        self.container = container
    }

    /// `nvidia-persistenced (nvidia-persistenced.service)`. Without its number, which says nothing when it was read a while ago:
    /// evidence stays the same when a service starts anew.
    package var words: String {
        let home = [unit, container].compactMap { $0 }.joined(separator: ", ")
        return home.isEmpty ? command : "\(command) (\(home))"
    }
}

extension DeviceHolder {
    package var process: HostProcess {
        HostProcess(pid: pid, command: command, unit: unit, container: container)
    }

    /// `nvidia-persistenced (pid 812, nvidia-persistenced.service) holds /dev/nvidia0`
    package var sentence: String {
        let home = [unit, container].compactMap { $0 }.map { ", \($0)" }.joined()
        return "\(command) (pid \(pid)\(home)) holds \(node)"
    }

    /// How a person makes it let go: its recipe's steps, or to stop its unit, or to end it.
    package var release: [String] {
        if let known = recipe.flatMap(ReleaseRecipe.named) { return known.steps }
        if let unit, unit.hasSuffix(".service") { return ["systemctl stop \(unit)"] }
        return ["End \(command) (last seen as process \(pid))."]
    }

    /// Taking the device away would take it from this program. Not so where it is open on every host and nobody misses it:
    /// the mixer of a sound card is open all day, and goes without its users' harm; a stream that plays counts; `/dev/kfd` is
    /// one node for all cards of AMD, and whoever computes on this very card has its render node open as well; udev looks at
    /// what appeared and lets go; and daemons that wait for power keys and lids have every keyboard open. Decision:
    /// `docs/decisions/0021-open-nodes-count.md`.
    package var isObstacle: Bool {
        if Self.isOpenEverywhere(node) { return false }
        if Self.deviceManagers.contains(command) { return false }
        return !(node.hasPrefix("/dev/input/") && Self.keyWatchers.contains(command))
    }

    /// Not the streams of a sound card (`pcm`, `midi`, `hw`): those are open while something plays.
    private static func isOpenEverywhere(_ node: String) -> Bool {
        node == "/dev/kfd" || ["control", "seq", "timer"].contains { node.hasPrefix("/dev/snd/" + $0) }
    }

    /// As `/proc/<pid>/comm` has them.
    private static let deviceManagers: Set<String> = ["systemd-udevd", "(udev-worker)", "udevd", "eudevd", "mdev"]
    private static let keyWatchers: Set<String> = [
        "systemd-logind", "elogind", "elogind-daemon", "acpid", "upowerd", "thd",
    ]
}
