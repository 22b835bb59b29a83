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
