import PatchbayCore

/// The connection to one libvirt daemon, opened when it is needed and again after it was lost.
actor LibvirtLink {
    /// A call to libvirt, on the worker it is given to.
    typealias Call<Value> = @Sendable (LibvirtConnection) throws -> Value

    private let uri: String
    private let library: @Sendable () throws(Problem) -> LibvirtLibrary
    private let opener = LibvirtWorker("libvirt connection")
    private var connection: LibvirtConnection?
    private var opening: Task<Result<LibvirtConnection, Problem>, Never>?

    init(uri: String, library: @escaping @Sendable () throws(Problem) -> LibvirtLibrary) {
        self.uri = uri
        self.library = library
    }

    /// The open connection. Throws `.hypervisorUnreachable`.
    func connected() async throws(Problem) -> LibvirtConnection {
        if let connection, connection.isAlive { return connection }
        if let opening { return try await opening.value.get() }
        connection = nil
        let opening = Task { await open() }
        self.opening = opening
        let result = await opening.value
        self.opening = nil
        connection = try? result.get()
        return try result.get()
    }

    private func open() async -> Result<LibvirtConnection, Problem> {
        let (uri, library, opener) = (uri, library, opener)
        do throws(Problem) {
            return .success(
                try await opener.run { () throws(Problem) in
                    try LibvirtConnection(library(), uri: uri, closer: opener)
                })
        } catch {
            return .failure(error)
        }
    }
}
