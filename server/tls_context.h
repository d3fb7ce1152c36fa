// How everything of ours that listens speaks TLS: 1.3 only, with a certificate and key from files. Brings Asio.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <string>

#include "schema/result.h"

namespace server {

// Io: a file cannot be read, or the key is not the certificate's.
schema::Result<void> prepare_to_serve(boost::asio::ssl::context& tls, const std::string& certificate,
                                      const std::string& key);

}  // namespace server
